import { Value } from "@sinclair/typebox/value";
import {
  EntryStatus,
  partitionOf,
  type ReadModelEntry,
  readModelCursorKey,
  readModelKeys,
  referralCodeOf,
  type StoredEntry,
} from "@waitlist/contracts";
import type { RedisConnection } from "@waitlist/redis";
import type { ReadModel } from "../ports.ts";
import { cursorOf } from "./read-model-cursor.ts";

/** One round trip for a place that is still in the queue, two for others. */
export function createRedisReadModel(redis: RedisConnection, partitions: number): ReadModel {
  return {
    read: async (waitlistId, entryId) => {
      const keys = readModelKeys(waitlistId);
      const referralCode = referralCodeOf(entryId);
      const [fields, rank, referrals, cursor] = await replies(
        redis.client
          .pipeline()
          .hgetall(keys.entry(entryId))
          .zrank(keys.queue, entryId)
          .hget(keys.referrals, referralCode)
          .get(readModelCursorKey(partitionOf(waitlistId, partitions)))
          .exec(),
      );
      const next = cursorOf(cursor, redis.runId());
      if (next === null) return null;
      const stored = fields as Partial<ReadModelEntry>;
      if (!Value.Check(EntryStatus, stored.status)) return { entry: null, next };
      const position = Number(stored.position);
      const ahead =
        typeof rank === "number" ? rank : await redis.client.zcount(keys.queue, "-inf", `(${position}`);
      const entry: StoredEntry = {
        waitlistId,
        entryId,
        status: stored.status,
        position,
        ahead,
        joinedAt: stored.joinedAt ?? "",
        referralCode,
        referrals: Number(referrals ?? 0),
        joinOffset: Number(stored.joinOffset),
        ...inviteOf(stored),
      };
      return { entry, next };
    },
  };
}

function inviteOf({ inviteCode, inviteExpiresAt }: Partial<ReadModelEntry>): Pick<StoredEntry, "invite"> {
  return inviteCode && inviteExpiresAt ? { invite: { code: inviteCode, expiresAt: inviteExpiresAt } } : {};
}

/** The pipeline's replies; the first failure of any command is thrown. */
async function replies(results: Promise<[Error | null, unknown][] | null>): Promise<unknown[]> {
  return ((await results) ?? []).map(([error, reply]) => {
    if (error) throw error;
    return reply;
  });
}
