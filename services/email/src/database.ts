import { type Database, type Index, rosterIndexes } from "@waitlist/roster";

const entries = "recipients";
export const MAILS = "mails";

export const MAIL_INDEXES: readonly Index[] = [
  // What waits, and what was abandoned.
  { collection: MAILS, keys: { state: 1, notBefore: 1 } },
  { collection: MAILS, keys: { state: 1, leaseUntil: 1 } },
  // For pages by any filter, and counts: whatever isn't asked for is named in full, so that the index gives the order.
  { collection: MAILS, keys: { waitlistId: 1, kind: 1, state: 1, order: -1 } },
  { collection: MAILS, keys: { waitlistId: 1, entryId: 1 } },
  // By what a delivery report names.
  { collection: MAILS, keys: { messageKey: 1 } },
  { collection: MAILS, keys: { "undeliverable.at": 1 }, sparse: true },
  // What the log is still to be told of.
  { collection: MAILS, keys: { toPropose: 1 }, sparse: true },
];

export const DATABASE: Database = {
  name: "waitlist_email",
  entries,
  indexes: [...rosterIndexes(entries), ...MAIL_INDEXES],
};
