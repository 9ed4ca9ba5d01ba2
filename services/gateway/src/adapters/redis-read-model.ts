// Places from Redis: the reads of one turn of the event loop share a round trip, whatever requests they are for.
import {
  ENTRY_STATUSES,
  type EntryStatus,
  partitionOf,
  readModelCursorKey,
  readModelKeys,
  referralCodeOf,
  type StoredEntry,
} from "@waitlist/contracts";
import type { RedisConnection } from "@waitlist/redis";
import DataLoader from "dataloader";
import type { ReadModel, ReadModelAnswer } from "../ports.ts";
import { cursorOf } from "./read-model-cursor.ts";
import { createPlacesScript, type PlaceReply } from "./redis-read-script.ts";

/** Redis does nothing else during a script: this many entries take it well under a millisecond. */
export const MAX_BATCH = 200;

interface Asked {
  waitlistId: string;
  entryId: string;
}

type Answer = ReadModelAnswer | null;

/** Nothing is kept from one batch to the next. Reads that fail together are of one list, or of a Redis out of reach. */
export function createRedisReadModel(
  redis: Pick<RedisConnection, "client" | "runId">,
  partitions: number,
): ReadModel {
  const script = createPlacesScript(redis);

  async function readList(waitlistId: string, entryIds: string[]): Promise<Answer[]> {
    const keys = readModelKeys(waitlistId);
    const cursorKey = readModelCursorKey(partitionOf(waitlistId, partitions));
    const [cursor, places] = await script.read(
      [cursorKey, keys.queue, keys.referrals, ...entryIds.map(keys.entry)],
      entryIds.flatMap((entryId) => [entryId, referralCodeOf(entryId)]),
    );
    const next = cursorOf(cursor, redis.runId());
    return entryIds.map((entryId, index) => {
      if (next === null) return null;
      const place = places[index];
      return { entry: place ? entryFrom({ waitlistId, entryId }, place) : null, next };
    });
  }

  const loader = new DataLoader<Asked, Answer>(
    async (asked) => {
      const answers: (Answer | Error)[] = new Array(asked.length).fill(null);
      const lists = Map.groupBy(asked.keys(), (index) => asked[index]?.waitlistId ?? "");
      await Promise.all(
        [...lists].map(async ([waitlistId, indexes]) => {
          const entryIds = indexes.map((index) => asked[index]?.entryId ?? "");
          const ofList = await readList(waitlistId, entryIds).catch((error: unknown) => failure(error));
          for (const [nth, index] of indexes.entries()) {
            answers[index] = ofList instanceof Error ? ofList : (ofList[nth] ?? null);
          }
        }),
      );
      return answers;
    },
    { cache: false, maxBatchSize: MAX_BATCH, batchScheduleFn: (dispatch) => void setImmediate(dispatch) },
  );
  return { read: (waitlistId, entryId) => loader.load({ waitlistId, entryId }) };
}

const failure = (error: unknown): Error =>
  error instanceof Error ? error : new Error("Redis failed", { cause: error });

const STATUSES: ReadonlySet<unknown> = new Set(ENTRY_STATUSES);
const isStatus = (text: unknown): text is EntryStatus => STATUSES.has(text);

/** Null where it isn't what storage writes. */
function entryFrom({ waitlistId, entryId }: Asked, place: PlaceReply): StoredEntry | null {
  const [status, position, joinOffset, joinedAt, inviteCode, inviteExpiresAt, ahead, referrals] = place;
  if (!isStatus(status)) return null;
  return {
    waitlistId,
    entryId,
    status,
    position: Number(position),
    ahead,
    joinedAt: joinedAt || "",
    referralCode: referralCodeOf(entryId),
    referrals,
    joinOffset: Number(joinOffset),
    ...(inviteCode && inviteExpiresAt ? { invite: { code: inviteCode, expiresAt: inviteExpiresAt } } : {}),
  };
}
