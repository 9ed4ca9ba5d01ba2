// Names of the Redis read model: storage writes it, the gateway reads it.

/** Storage announces here what it has stored (`AppliedAnnouncement`). */
export const READ_MODEL_CHANNEL = "waitlist:applied";

/**
 * Keys of one list. The braces are a Redis Cluster hash tag: all of a list's keys live in one slot, so one script
 * can guard an entry, the queue and the counts together.
 */
export const readModelKeys = (waitlistId: string) => ({
  /** Hash of one entry: `ReadModelEntry`. */
  entry: (entryId: string) => `waitlist:{${waitlistId}}:entry:${entryId}`,
  /** Sorted set of the open places that may still be invited: entryId by position. */
  queue: `waitlist:{${waitlistId}}:queue`,
  /** Hash: how many entries have each status. */
  counts: `waitlist:{${waitlistId}}:counts`,
  /** Hash: how many places each referral code brought. */
  referrals: `waitlist:{${waitlistId}}:referrals`,
});

/**
 * The fields of an entry's hash, all as text. Nothing of them is personal; `inviteCode` is shown only to whoever holds
 * a token from a mail. An absent value is the empty string.
 */
export interface ReadModelEntry {
  lastOffset: string;
  status: string;
  position: string;
  joinOffset: string;
  /** RFC 3339. */
  joinedAt: string;
  /** The referral code that this place came by. */
  referredBy: string;
  inviteCode: string;
  /** RFC 3339. */
  inviteExpiresAt: string;
}

/**
 * A partition's cursor in Redis, `<next>:<run id>`: up to where the model holds it, and the run of the Redis server
 * that it was written in. Missing or of another run: don't trust the model, ask storage.
 */
export const readModelCursorKey = (partition: number) => `waitlist:read-model:${partition}`;
