// A record in memory, as MongoDB would hold it, and owners of its one partition.
import { Registry } from "@waitlist/runtime";
import type { ReadModel } from "../../src/adapters/redis-read-model.ts";
import type { Entry } from "../../src/domain/views.ts";
import { createReadModelKeeper, type ReadModelKeeper } from "../../src/handlers/read-model-keeper.ts";
import type { EveryEntry } from "../../src/handlers/rebuild-read-model.ts";
import { expectedModel, type ListModel } from "./entries.ts";
import { silent } from "./redis.ts";

export interface MemoryRecord {
  queries: EveryEntry;
  /** Called whenever a rebuild begins with a list. */
  onList: (waitlistId: string) => Promise<void>;
  cursor: number;
  store(entries: Entry[]): void;
  expected(waitlistId: string): ListModel;
}

export function createRecord(): MemoryRecord {
  const entries = new Map<string, Entry>();
  const ofList = (id: string) => [...entries.values()].filter(({ waitlistId }) => waitlistId === id);
  const record: MemoryRecord = {
    cursor: 0,
    onList: async () => undefined,
    store: (batch) => {
      for (const entry of batch) entries.set(`${entry.waitlistId}:${entry.entryId}`, entry);
    },
    expected: (waitlistId) => expectedModel(ofList(waitlistId)),
    queries: {
      waitlistIds: async () => [...new Set([...entries.values()].map(({ waitlistId }) => waitlistId))],
      stream: async function* (waitlistId) {
        await record.onList(waitlistId);
        yield* ofList(waitlistId);
      },
    },
  };
  return record;
}

export interface Owner {
  keeper: ReadModelKeeper;
  /** Stores a batch of one record for each entry, tells the read model, moves the cursor. */
  apply(...entries: Entry[]): Promise<void>;
  /** How many partitions it takes for incomplete. */
  incomplete(): Promise<number>;
}

/** An owner of `partition`, from the record's cursor on. */
export function createOwner(
  { record, readModel, partition }: { record: MemoryRecord; readModel: ReadModel; partition: number },
  lookEveryMs = 20,
): Owner {
  const registry = new Registry();
  const keeper = createReadModelKeeper({
    ...{ readModel, queries: record.queries, registry, log: silent, lookEveryMs },
    cursors: { load: async () => ({ next: record.cursor, recordId: null }) },
    partitionOf: () => partition,
  });
  keeper.takeOver(partition, record.cursor);
  return {
    keeper,
    apply: async (...entries) => {
      const first = record.cursor;
      const next = first + entries.length;
      record.store(entries);
      await keeper.applied({ partition, first, next, changed: [] }, entries);
      record.cursor = next;
    },
    incomplete: async () => {
      const metric = await registry.getSingleMetric("waitlist_read_model_incomplete_partitions")?.get();
      return metric?.values[0]?.value ?? 0;
    },
  };
}
