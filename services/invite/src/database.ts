import { type Database, type Index, rosterIndexes } from "@waitlist/roster";

const entries = "queue";

export const BATCH_INDEXES: readonly Index[] = [
  { collection: "batches", keys: { waitlistId: 1, offset: -1 } },
];
/** Whose invites may be over. */
export const EXPIRY_INDEXES: readonly Index[] = [
  { collection: "batches", keys: { isSettled: 1, isOnLog: 1, "decision.expiresAt": 1 } },
];
export const SCHEDULE_INDEXES: readonly Index[] = [
  { collection: "schedules", keys: { waitlistId: 1 } },
  { collection: "schedules", keys: { state: 1 } },
];

export const DATABASE: Database = {
  name: "waitlist_invite",
  entries,
  indexes: [...rosterIndexes(entries), ...BATCH_INDEXES, ...EXPIRY_INDEXES, ...SCHEDULE_INDEXES],
};
