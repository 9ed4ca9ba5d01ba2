// A list on which everybody waits, in a database of its own, and the invite service's parts over it.
import { createEvent, entryIdOf, eventsTopic } from "@waitlist/contracts";
import { createFacts } from "@waitlist/invite/adapters/kafka-facts";
import { createMongoBatches } from "@waitlist/invite/adapters/mongo-batches";
import { createMongoCodes } from "@waitlist/invite/adapters/mongo-codes";
import { createQueue } from "@waitlist/invite/adapters/mongo-queue";
import { requestedBatch } from "@waitlist/invite/domain/batch";
import { createRunBatch } from "@waitlist/invite/handlers/run-batch";
import type { Appender } from "@waitlist/kafka";
import { type EntryDocument, openRoster, type Roster, toDocument } from "@waitlist/roster";
import { definition, log } from "./gateway.ts";
import { LIST, SECRET } from "./installation.ts";

/** Entries that are written at a time. */
const CHUNK = 5000;
/** As the invite service has it. */
const PART_SIZE = 500;

export const topic = eventsTopic(1, "bench-allocation.");

export interface WaitingList {
  entries: Roster<null>["entries"];
  /** Runs a batch of the first `count`; how long it took, in seconds. */
  invite(batchId: string, count: number): Promise<number>;
  /** Puts the first `count` back to how they were. */
  restore(count: number): Promise<void>;
  drop(): Promise<void>;
}

const waiting = (position: number): EntryDocument<null> => {
  const place = {
    joinOffset: position,
    eventId: `e${position}`,
    position,
    joinedAt: 0,
    needsConfirmation: false,
  };
  const entryId = entryIdOf(SECRET, LIST, `person${position}@example.com`);
  const entry = { entryId, waitlistId: LIST, places: [place], repeatIds: [], lastOffset: position };
  return toDocument({ ...entry, details: null });
};

/** `size` people wait. */
export async function openWaitingList(
  mongodb: string,
  appender: Appender,
  size: number,
): Promise<WaitingList> {
  const roster = await openRoster<null>({
    ...{ url: mongodb, database: `bench-allocation-${process.pid}-${size}`, collection: "queue" },
    ...{ secret: SECRET, partitions: 1, evolve: () => null, log },
  });
  const { db, entries, withdrawals } = roster;
  for (let first = 1; first <= size; first += CHUNK) {
    const documents = Array.from({ length: Math.min(CHUNK, size - first + 1) }, (_, index) =>
      waiting(first + index),
    );
    await entries.insertMany(documents, { ordered: false });
  }
  const inForce = { waitlistId: LIST, offset: 0, eventId: "defined", definition, at: 0 };
  const runBatch = createRunBatch({
    ...{
      queue: createQueue(entries),
      batches: await createMongoBatches(db),
      codes: createMongoCodes(db, SECRET),
    },
    ...{
      definitions: { inForce: async () => inForce },
      withdrawals,
      facts: createFacts(appender, topic.name),
    },
    ...{
      secret: SECRET,
      metrics: { begun: () => undefined, allocated: () => undefined, finished: () => undefined },
      log,
    },
  });
  return {
    entries,
    invite: async (batchId, count) => {
      const data = { waitlistId: LIST, batchId, count, requestedBy: "bench" };
      const event = createEvent("InviteBatchRequested", data, { source: "/bench", at: Date.now() });
      // After everything that the entries have seen.
      const record = { offset: size + 1, timestamp: Date.now(), event };
      const began = performance.now();
      await runBatch(requestedBatch(record, PART_SIZE), {
        partition: 0,
        heartbeat: async () => undefined,
        isStale: () => false,
      });
      return (performance.now() - began) / 1000;
    },
    restore: async (count) => {
      const operations = Array.from({ length: count }, (_, index) => {
        const { _id, ...replacement } = waiting(index + 1);
        return { replaceOne: { filter: { _id }, replacement } };
      });
      await entries.bulkWrite(operations, { ordered: false });
    },
    drop: async () => {
      await db.dropDatabase();
      await roster.close();
    },
  };
}
