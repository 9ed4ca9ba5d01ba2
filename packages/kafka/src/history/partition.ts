import type { EachBatchPayload } from "kafkajs";
import { HistoryError, HistoryGap, runbook } from "../errors.ts";
import { backoffMs, pause } from "../waiting.ts";
import { type Chunk, cutChunk } from "./chunk.ts";
import { commitToGroup } from "./commit.ts";
import { firstOffset, lastRead, readLogBounds } from "./cursor-fit.ts";
import type { HeldPartition, PartitionContext, PartitionControl } from "./held-partition.ts";
import { createPauses } from "./pauses.ts";
import { createPulse, type Pulse } from "./pulse.ts";
import { takeChunk } from "./take-chunk.ts";
import type { Cursor, PartitionState, PauseKind } from "./types.ts";

/** A hole in the log that is still there after so many looks at it is no accident of fetching. */
const GAP_LOOKS = 3;

/**
 * After so long without a record, in milliseconds, the log may be another one than before: deleted, made anew and filled
 * past the cursor between two fetches. In less time a broker doesn't make one.
 */
const QUIET_MS = 200;

const FOREIGN = `records on a partition that is not in use: they are no part of any history. ${runbook("added-partitions")}`;

/**
 * The partition is paused in kafkajs whenever it is not `reading`; kafkajs goes on with the other partitions and its
 * heartbeats meanwhile. Every failure ends in another takeover: the database alone says where to go on.
 */
export function holdPartition<E>(
  partition: number,
  control: PartitionControl,
  context: PartitionContext<E>,
): HeldPartition {
  const { settings, admin, metrics, log, stopping, fatal } = context;
  const { group, topic, cursors, handler, backoff } = settings;
  const where = { group, topic, partition };
  const isForeign = partition >= settings.partitions;
  const pauses = createPauses(where, log);
  const taken = new AbortController();
  const over = AbortSignal.any([taken.signal, stopping]);
  let activity: Promise<unknown> = Promise.resolve();
  let reading = false;
  let cursor: Cursor | null = null;
  let next: number | null = null;
  let end: number | null = null;
  /** The record before the cursor has not been compared with the log's yet. */
  let unverified = false;
  let gaps = 0;
  /** When records were last heard of, by the monotonic clock. */
  let seenAt = 0;

  const state = (): PartitionState => {
    const paused = pauses.current();
    return { partition, next, end, ...(paused ? { paused } : {}) };
  };
  const show = () => {
    if (!taken.signal.aborted) metrics.show(state());
  };
  const run = (work: Promise<unknown>) => {
    activity = Promise.allSettled([activity, work]).then(() => undefined);
  };
  const stopReading = () => {
    reading = false;
    control.pause(partition);
  };
  const hold = (kind: PauseKind, cause: string, error?: unknown): Promise<void> => {
    stopReading();
    pauses.begin(kind, cause, error);
    metrics.failed();
    show();
    return pause(backoffMs(pauses.failures(), backoff), over);
  };
  /** Pauses, waits, and takes the partition over again from its cursor. */
  const recover = (kind: PauseKind, cause: string, error?: unknown) => {
    if (over.aborted) stopReading();
    else if (error instanceof HistoryError) stopFor(error);
    else run(hold(kind, cause, error).then(takeOver));
  };
  const stopFor = (error: HistoryError) => {
    stopReading();
    fatal(error);
  };

  const takeOver = async (): Promise<void> => {
    while (!over.aborted) {
      try {
        const loaded = await cursors.load(partition);
        const bounds = await readLogBounds(admin, topic, partition);
        if (isForeign && bounds.end > bounds.start) {
          await hold("foreign", FOREIGN);
          continue;
        }
        const from = isForeign ? bounds.end : firstOffset(loaded, bounds, where);
        await handler.takeOver(partition, from);
        // A crash, or a restored database, leaves the group's own record behind, and with nothing to take it stays so.
        if (loaded && !over.aborted) await control.commit(partition, from);
        if (!over.aborted) readFrom(loaded, from, bounds);
        return;
      } catch (error) {
        if (error instanceof HistoryError) return stopFor(error);
        if (!over.aborted) await hold("outage", "the cursor can't be taken over", error);
      }
    }
  };
  const readFrom = (loaded: Cursor | null, from: number, bounds: { start: number; end: number }) => {
    cursor = loaded;
    next = from;
    end = bounds.end;
    unverified = loaded?.recordId != null && from > bounds.start;
    // With records to take, an outage or an unsupported record is over only when one has been taken.
    if (pauses.current()?.kind === "taking-over" || from >= end) pauses.over();
    show();
    seenAt = performance.now();
    reading = true;
    control.seek(partition, unverified ? from - 1 : from);
    control.resume(partition);
  };

  const work = async (payload: EachBatchPayload): Promise<void> => {
    const pulse = createPulse(payload, log);
    try {
      await takeAll(payload, pulse);
    } catch (error) {
      if (pulse.lost()) taken.abort();
      recover("outage", "a batch could not be taken", error);
    }
    const lost = pulse.lost();
    if (!lost) return;
    taken.abort();
    throw lost;
  };
  const takeAll = async (payload: EachBatchPayload, pulse: Pulse): Promise<void> => {
    const { messages, highWatermark } = payload.batch;
    end = Number(highWatermark);
    if (isForeign) return recover("foreign", FOREIGN);
    // The broker's word for it counts, as a takeover asks for it: a new leader may know less for a moment.
    if (next !== null && end < next) return recover("taking-over", "the log ends before the cursor");
    if (!unverified && cursor?.recordId != null && performance.now() - seenAt > QUIET_MS) {
      unverified = true;
      seenAt = performance.now();
      return control.seek(partition, cursor.next - 1);
    }
    seenAt = performance.now();
    if (unverified && cursor) unverified = lastRead(messages, cursor, where) === "unseen";
    if (unverified && next !== null) return control.seek(partition, next - 1);
    for (let took = false; reading && next !== null && !over.aborted && payload.isRunning(); took = true) {
      const chunk = cutChunk(messages, { partition, next }, settings.maxRecords, settings.decode);
      // What lies before the cursor was delivered once more: kafkajs is told again where to go on.
      if (!chunk.last && !chunk.halt && !took) control.seek(partition, next);
      if (chunk.last && !(await take(chunk, pulse))) return;
      if (chunk.last && !taken.signal.aborted)
        await commitToGroup(payload, pulse, { topic, partition, next });
      if (chunk.halt) return halt(chunk.halt, next);
      if (!chunk.last || pulse.lost()) return;
    }
  };
  const take = async (chunk: Chunk<E>, pulse: Pulse): Promise<boolean> => {
    const startedAt = performance.now();
    const moved = await takeChunk(partition, chunk, cursor, pulse, settings, taken.signal);
    if (!moved) {
      recover("taking-over", "another owner has moved the cursor");
      return false;
    }
    cursor = moved;
    next = chunk.next;
    gaps = 0;
    pauses.over();
    const seconds = (performance.now() - startedAt) / 1000;
    metrics.taken({ records: chunk.records.length, dead: chunk.dead.length, seconds });
    show();
    return true;
  };
  const halt = (why: NonNullable<Chunk<E>["halt"]>, at: number) => {
    if (why.kind === "unsupported") {
      return recover("unsupported", `offset ${at}: ${why.cause}. ${runbook("newer-events")}`);
    }
    gaps += 1;
    const cause = `offset ${at} is expected, ${why.found} is the next that the broker has`;
    if (gaps <= GAP_LOOKS) return recover("outage", cause);
    stopFor(new HistoryGap(`partition ${partition} of ${topic} has a hole: ${cause}`, partition));
  };

  return {
    begin: (before) => run(before.then(takeOver)),
    process: async (payload) => {
      if (!reading || over.aborted) return;
      const done = work(payload);
      run(done);
      await done;
    },
    lose: () => {
      taken.abort();
      reading = false;
      metrics.forget(partition);
    },
    rest: async () => {
      for (let last: unknown; last !== activity; ) {
        last = activity;
        await activity;
      }
    },
    state,
  };
}
