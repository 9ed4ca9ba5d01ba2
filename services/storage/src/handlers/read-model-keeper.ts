// Keeps the read model up with the record: writes along with each batch, notices what Redis missed, rebuilds it.
//
// The model's cursor says "everything below `next` is here". That is true when it is written: `advance` only follows
// writes that Redis has acknowledged, and never over a hole; `stamp` follows a rebuild. It stays true, because writes
// only replace what is older, however late they run and whoever sent them. And it is true of anything that Redis comes
// back with, too, as that is a state which it once was in. The run id says whether the cursor is also the newest.
import type { CursorStore } from "@waitlist/kafka";
import { Gauge, type Logger, type Registry } from "@waitlist/runtime";
import type { ReadModel } from "../adapters/redis-read-model.ts";
import type { Entry } from "../domain/views.ts";
import { type EveryEntry, rebuildReadModel } from "./rebuild-read-model.ts";

export interface ReadModelKeeper {
  /** A partition is ours, applied up to `next`. */
  takeOver(partition: number, next: number): void;
  /** A batch has been stored: `entries` as stored. Never throws: without Redis the record goes on. */
  applied(batch: StoredBatch, entries: Iterable<Entry>): Promise<void>;
  /** Redis is there again, perhaps emptied or older. */
  redisIsBack(): void;
  /** Ends a rebuild under way; the next owner begins it anew. */
  close(): Promise<void>;
}

export interface StoredBatch {
  partition: number;
  first: number;
  next: number;
  /** Lists of which something but new places was stored. */
  changed: string[];
}

export interface ReadModelKeeperDeps {
  readModel: ReadModel;
  queries: EveryEntry;
  /** Where the record is: a partition whose cursor has passed us has another owner. */
  cursors: Pick<CursorStore, "load">;
  partitionOf: (waitlistId: string) => number;
  log: Logger;
  registry: Registry;
  /** How often the model is looked at without a reason, in milliseconds: for what nothing tells us of. */
  lookEveryMs?: number;
}

interface Held {
  next: number;
  /** Whether Redis got everything below `next` that we know of. */
  complete: boolean;
  /** Grows at each write that Redis missed, so that a rebuild knows that it has to look again. */
  misses: number;
  /** Whether gateways may not have heard of something that was stored: they are told once the model is complete. */
  untold: boolean;
}

/** A partition that is to be completed, as it was when that began. */
interface Attempt {
  partition: number;
  held: Held;
  misses: number;
  run: string;
  epoch: string;
}

const LOOK_EVERY_MS = 2000;

export function createReadModelKeeper(deps: ReadModelKeeperDeps): ReadModelKeeper {
  const { readModel, cursors, partitionOf, log, lookEveryMs = LOOK_EVERY_MS } = deps;
  const partitions = new Map<number, Held>();
  const closing = new AbortController();
  const timer = setInterval(look, lookEveryMs);
  let looking: Promise<void> | null = null;
  let again = false;
  new Gauge({
    name: "waitlist_read_model_incomplete_partitions",
    help: "Partitions whose read model in Redis is behind and is being rebuilt.",
    registers: [deps.registry],
    collect() {
      this.set([...partitions.values()].filter(({ complete }) => !complete).length);
    },
  });

  /** One look at a time; a request during one makes it look again. What fails is tried again at the next look. */
  function look(): void {
    again = true;
    if (looking || closing.signal.aborted) return;
    looking = lookAtAll()
      .catch((err: unknown) => {
        if (!closing.signal.aborted) log.warn({ err }, "the read model could not be completed yet");
      })
      .finally(() => {
        looking = null;
      });
  }

  async function lookAtAll(): Promise<void> {
    for (let run = readModel.runId(); again && run && !closing.signal.aborted; run = readModel.runId()) {
      again = false;
      const lost: [number, Held][] = [];
      for (const [partition, held] of partitions) {
        if (!(await isWhole(partition, held, run))) lost.push([partition, held]);
      }
      if (lost.length > 0) await rebuild(lost, run);
      for (const [partition, held] of partitions) await tellAll(partition, held);
    }
  }

  /** False where it has to be rebuilt. */
  async function isWhole(partition: number, held: Held, run: string): Promise<boolean> {
    const { next, misses } = held;
    const state = await readModel.state(partition);
    const holdsAll = state !== null && state.next >= next;
    if (holdsAll && state.run === run) {
      held.complete = held.misses === misses;
      return true;
    }
    held.complete = false;
    if (await isFormer(partition, held)) return true;
    return holdsAll && complete({ partition, held, misses, run, epoch: state.epoch }, state.next);
  }

  /** Nobody tells us that a partition was taken away; but an owner is never behind the record's own cursor. */
  async function isFormer(partition: number, held: Held): Promise<boolean> {
    const recorded = await cursors.load(partition);
    if (partitions.get(partition) !== held) return true;
    if (!recorded || recorded.next <= held.next) return false;
    partitions.delete(partition);
    return true;
  }

  async function rebuild(lost: [number, Held][], run: string): Promise<void> {
    const attempts: Attempt[] = [];
    for (const [partition, held] of lost) {
      const { misses, next } = held;
      const epoch = await readModel.beginRebuild(partition, next);
      attempts.push({ partition, held, misses, run, epoch });
    }
    const wanted = new Set(lost.map(([partition]) => partition));
    const rebuilt = await rebuildReadModel(deps, (id) => wanted.has(partitionOf(id)), closing.signal);
    for (const attempt of attempts) await complete(attempt, 0);
    log.info({ partitions: lost.length, ...rebuilt }, "the read model was rebuilt");
  }

  /**
   * Says that the model is complete, unless something was missed since the attempt began. `held.next` is read as the
   * stamp is sent: batches before that are in it, and the cursors of those after it follow the stamp.
   */
  async function complete(
    { partition, held, misses, run, epoch }: Attempt,
    atLeast: number,
  ): Promise<boolean> {
    if (held.misses !== misses || partitions.get(partition) !== held) return false;
    const next = Math.max(atLeast, held.next);
    const stamped = await readModel.stamp(partition, { next, run, epoch });
    held.complete = stamped && held.misses === misses;
    return held.complete;
  }

  /** Without lists, as nobody remembers which: any of the partition may have changed. */
  async function tellAll(partition: number, held: Held): Promise<void> {
    if (!held.complete || !held.untold) return;
    held.untold = false;
    await readModel.announce({ partition, next: held.next }).catch((err: unknown) => {
      held.untold = true;
      throw err;
    });
  }

  function missed(held: Held): void {
    held.complete = false;
    held.untold = true;
    held.misses += 1;
    look();
  }

  return {
    takeOver: (partition, next) => {
      // A former owner may have died before it told of what it had stored.
      partitions.set(partition, { next, complete: false, misses: 0, untold: true });
      look();
    },
    applied: async ({ partition, first, next, changed }, entries) => {
      const held = partitions.get(partition) ?? { next, complete: false, misses: 0, untold: true };
      partitions.set(partition, held);
      try {
        await readModel.write(entries);
        held.next = next;
        if (!(await readModel.advance(partition, first, next)) && held.complete) missed(held);
        await readModel.announce({ partition, next, changed });
      } catch (err) {
        held.next = next;
        missed(held);
        log.debug({ err, partition }, "Redis missed a batch");
      }
    },
    redisIsBack: () => {
      for (const held of partitions.values()) missed(held);
    },
    close: async () => {
      closing.abort();
      clearInterval(timer);
      await looking;
    },
  };
}
