// People on the benchmarks' list, as storage's read model is given them and as the gateway shows them.
import {
  entryIdOf,
  partitionOf,
  readModelCursorKey,
  readModelKeys,
  referralCodeOf,
  type StoredEntry,
} from "@waitlist/contracts";
import { connectRedis } from "@waitlist/redis";
import { createReadModel, type ReadModel } from "@waitlist/storage/adapters/redis-read-model";
import type { Entry } from "@waitlist/storage/domain/views";
import { typedClaims } from "@waitlist/tokens";
import { tokens } from "./gateway.ts";
import { LIST } from "./installation.ts";
import { silent } from "./table.ts";

const JOINED_AT = Date.parse("2026-03-01T09:30:00.000Z");

/** So many that the list's partition is none of the system's that the benchmark has started. */
export const PARTITIONS = 1000;
export const partition = partitionOf(LIST, PARTITIONS);
/** The person who joined at this offset, which is one less than the position. */
const entryIdAt = (offset: number) => entryIdOf("people", LIST, `person${offset}@example.com`);

/** The first `count` people, all waiting. */
export const storedPeople = (count: number): StoredEntry[] =>
  Array.from({ length: count }, (_, offset) => {
    const entryId = entryIdAt(offset);
    return {
      ...{ waitlistId: LIST, entryId, status: "waiting", position: offset + 1, ahead: offset },
      joinedAt: new Date(JOINED_AT + offset).toISOString(),
      ...{ referralCode: referralCodeOf(entryId), referrals: 0, joinOffset: offset },
    };
  });

export const typedTokenOf = ({ waitlistId, entryId, joinOffset }: StoredEntry): string =>
  tokens.sign(typedClaims({ waitlistId, entryId, joinOffset }, Date.now()));

/** A person as storage's record holds them, as of `lastOffset`; `left` ends the place there. */
export function recordOf(
  { entryId, joinOffset, position }: StoredEntry,
  lastOffset: number,
  left = false,
): Entry {
  const place = {
    ...{ joinOffset, position, eventId: `e${joinOffset}`, joinedAt: JOINED_AT + joinOffset },
    needsConfirmation: false,
    ...(left ? { endOffset: lastOffset } : {}),
  };
  const details = { email: `person${joinOffset}@example.com`, history: [] };
  return { entryId, waitlistId: LIST, places: [place], repeatIds: [], lastOffset, details };
}

export interface PeopleInRedis {
  readModel: ReadModel;
  /** Takes the people out again. */
  close(): Promise<void>;
}

/** Puts people into Redis by storage's own writer, in place of what is there, and says that they are all there. */
export async function putIntoRedis(url: string, people: StoredEntry[]): Promise<PeopleInRedis> {
  const redis = connectRedis(url, { log: silent });
  await new Promise<void>((resolve) => redis.onReady(resolve));
  const readModel = createReadModel(redis);
  const epoch = await readModel.beginRebuild(partition, people.length);
  await readModel.write(people.map((person) => recordOf(person, person.joinOffset)));
  const state = { next: people.length, run: redis.runId() ?? "", epoch };
  if (!(await readModel.stamp(partition, state))) throw new Error("Redis was emptied meanwhile");
  const keys = readModelKeys(LIST);
  const close = async () => {
    const entries = people.map(({ entryId }) => keys.entry(entryId));
    await redis.client.unlink(
      keys.queue,
      keys.counts,
      keys.referrals,
      readModelCursorKey(partition),
      ...entries,
    );
    await redis.close();
  };
  return { readModel, close };
}
