// Keeps the read model up with the record: writes along with each batch, notices what Redis missed, rebuilds it.
import { Gauge, type Logger, type Registry } from "@waitlist/runtime";
import type { EntryQueries } from "../adapters/mongo-queries.ts";
import type { ReadModel } from "../adapters/redis-read-model.ts";
import type { Entry } from "../domain/views.ts";

export interface ReadModelKeeper {
  /** A partition is ours, applied up to `next`. */
  takeOver(partition: number, next: number): void;
  /** A batch has been stored: `entries` as stored. Never throws: without Redis the record goes on. */
  applied(batch: { partition: number; first: number; next: number }, entries: Iterable<Entry>): Promise<void>;
  /** Redis is there again, perhaps emptied or older. */
  redisIsBack(): void;
  /** Waits for a rebuild under way to end. */
  close(): Promise<void>;
}

interface Held {
  next: number;
  /** Whether Redis got everything below `next` that we know of. */
  complete: boolean;
  /** Grows at each write that Redis missed, so that a rebuild knows that it has to look again. */
  misses: number;
}

const PAGE = 500;

export function createReadModelKeeper(deps: {
  readModel: ReadModel;
  queries: EntryQueries;
  partitionOf: (waitlistId: string) => number;
  log: Logger;
  registry: Registry;
}): ReadModelKeeper {
  const { readModel, queries, partitionOf, log } = deps;
  const partitions = new Map<number, Held>();
  let repairing: Promise<void> | null = null;
  let again = false;
  let closed = false;
  new Gauge({
    name: "waitlist_read_model_incomplete_partitions",
    help: "Partitions whose read model in Redis is behind and is being rebuilt.",
    registers: [deps.registry],
    collect() {
      this.set([...partitions.values()].filter(({ complete }) => !complete).length);
    },
  });

  /** One repair at a time; a request during one makes it look again. */
  function repair(): void {
    again = true;
    if (repairing || closed) return;
    repairing = repairAll()
      .catch((err: unknown) =>
        log.warn({ err }, "the read model could not be completed; Redis is tried again"),
      )
      .finally(() => {
        repairing = null;
      });
  }

  async function repairAll(): Promise<void> {
    while (again && !closed) {
      again = false;
      const behind = [...partitions].filter(([, { complete }]) => !complete);
      const trusted = await Promise.all(behind.map(([partition, held]) => isWhole(partition, held)));
      const lost = behind.filter((_, index) => !trusted[index]);
      if (lost.length > 0) await rebuild(lost);
    }
  }

  /** Redis came back with all that it had: what it holds is a prefix of what we wrote, so the cursor tells. */
  async function isWhole(partition: number, held: Held): Promise<boolean> {
    const { misses, next } = held;
    const heldUpTo = await readModel.heldUpTo(partition);
    if (heldUpTo === null || heldUpTo < next || misses !== held.misses) return false;
    await readModel.stamp(partition, heldUpTo);
    held.complete = true;
    return true;
  }

  async function rebuild(lost: [number, Held][]): Promise<void> {
    const before = lost.map(([partition, held]) => ({ partition, held, misses: held.misses }));
    const wanted = new Set(lost.map(([partition]) => partition));
    const lists = (await queries.waitlistIds()).filter((id) => wanted.has(partitionOf(id)));
    let count = 0;
    for (const list of lists) count += await rebuildList(list);
    for (const { partition, held, misses } of before) {
      if (partitions.get(partition) !== held) continue;
      if (held.misses !== misses) {
        again = true;
        continue;
      }
      await readModel.stamp(partition, held.next);
      held.complete = held.misses === misses;
    }
    log.info({ partitions: lost.length, lists: lists.length, entries: count }, "the read model was rebuilt");
  }

  async function rebuildList(waitlistId: string): Promise<number> {
    let count = 0;
    let page: Entry[] = [];
    for await (const entry of queries.stream(waitlistId)) {
      page.push(entry);
      count += 1;
      if (page.length < PAGE) continue;
      await readModel.write(page);
      page = [];
    }
    await readModel.write(page);
    return count;
  }

  return {
    takeOver: (partition, next) => {
      partitions.set(partition, { next, complete: false, misses: 0 });
      repair();
    },
    applied: async ({ partition, first, next }, entries) => {
      const held = partitions.get(partition) ?? { next, complete: false, misses: 0 };
      partitions.set(partition, held);
      try {
        await readModel.write(entries);
        held.next = next;
        if (held.complete && !(await readModel.advance(partition, first, next))) missed(held);
        await readModel.announce({ partition, next });
      } catch (err) {
        held.next = next;
        missed(held);
        log.debug({ err, partition }, "Redis missed a batch");
      }
    },
    redisIsBack: () => {
      for (const held of partitions.values()) held.complete = false;
      repair();
    },
    close: async () => {
      closed = true;
      await repairing;
    },
  };

  function missed(held: Held): void {
    held.complete = false;
    held.misses += 1;
    repair();
  }
}
