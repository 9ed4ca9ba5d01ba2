import { type Database, type Index, rosterIndexes } from "@waitlist/roster";

const entries = "entries";

/** Whom a referrer brought. */
export const REFERRAL_INDEX: Omit<Index, "collection"> = { keys: { waitlistId: 1, "details.referredBy": 1 } };

export const DATABASE: Database = {
  name: "waitlist_storage",
  entries,
  indexes: [...rosterIndexes(entries), { collection: entries, ...REFERRAL_INDEX }],
};
