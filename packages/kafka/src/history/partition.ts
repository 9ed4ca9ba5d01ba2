import type { EachBatchPayload, KafkaMessage } from "kafkajs";
import type { AdminClient } from "../admin.ts";
import type { Log } from "../client.ts";
import { CursorRecordMismatch, HistoryError, HistoryGap } from "../errors.ts";
import { backoffMs, pause } from "../waiting.ts";
import { type Chunk, cutChunk } from "./chunk.ts";
import { firstOffset, readLogBounds } from "./log-bounds.ts";
import type { HistoryMetrics } from "./metrics.ts";
import { createPulse, type Pulse } from "./pulse.ts";
import { recordId } from "./record-id.ts";
import type { Settings } from "./settings.ts";
import { takeChunk } from "./take-chunk.ts";
import type { Cursor, PartitionState, PauseKind } from "./types.ts";

/** What a partition does to its group's membership; nothing once the membership has ended. */
export interface PartitionControl {
  seek(partition: number, offset: number): void;
  pause(partition: number): void;
  resume(partition: number): void;
}

export interface PartitionContext<E> {
  settings: Settings<E>;
  admin: AdminClient;
  metrics: HistoryMetrics;
  log: Log;
  /** The consumer is stopping. */
  stopping: AbortSignal;
  fatal(error: HistoryError): void;
}

/** One partition, from the time that the group gives it to this member until the group is divided anew. */
export interface HeldPartition {
  /** Takes it over, once `before` (its former holder in this process) has come to rest. */
  begin(before: Promise<unknown>): void;
  /** Takes what it can of a fetched batch. Rejects only with what kafkajs must know: that it has to join again. */
  process(payload: EachBatchPayload): Promise<void>;
  /** It was taken away: no further write is begun. */
  lose(): void;
  /** Resolves when nothing of it is running. */
  rest(): Promise<unknown>;
  state(): PartitionState;
}

/** A hole in the log that is still there after so many looks at it is no accident of fetching. */
const GAP_LOOKS = 3;

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
  const taken = new AbortController();
  const over = AbortSignal.any([taken.signal, stopping]);
  let reading = false;
  let activity: Promise<unknown> = Promise.resolve();
  let cursor: Cursor | null = null;
  let next: number | null = null;
  let end: number | null = null;
  let unverified = false;
  let failures = 0;
  let gaps = 0;
  let paused: PartitionState["paused"] = { kind: "taking-over", cause: "taken over", since: Date.now() };

  const state = (): PartitionState => ({ partition, next, end, ...(paused ? { paused } : {}) });
  const show = () => {
    if (!taken.signal.aborted) metrics.show(state());
  };
  const run = (work: Promise<unknown>) => {
    activity = Promise.allSettled([activity, work]).then(() => undefined);
  };

  const hold = (kind: PauseKind, cause: string, error?: unknown) => {
    reading = false;
    control.pause(partition);
    const report = { group, topic, partition, next, cause, ...(error === undefined ? {} : { err: error }) };
    const message = `the history is paused: ${kind}`;
    if (paused?.kind === kind) log.debug(report, message);
    else if (kind === "unsupported") log.error(report, message);
    else log.warn(report, message);
    paused = { kind, cause, since: paused?.kind === kind ? paused.since : Date.now() };
    failures += 1;
    metrics.failed();
    show();
  };
  const goOn = () => {
    if (paused && paused.kind !== "taking-over")
      log.info({ group, topic, partition, next }, "the history goes on");
    paused = undefined;
  };
  /** Pauses, waits, and takes the partition over again from its cursor. */
  const recover = (kind: PauseKind, cause: string, error?: unknown) => {
    if (over.aborted) {
      reading = false;
      return;
    }
    hold(kind, cause, error);
    run(pause(backoffMs(failures, backoff), over).then(takeOver));
  };
  const stopWith = (error: HistoryError) => {
    reading = false;
    control.pause(partition);
    fatal(error);
  };

  const takeOver = async (): Promise<void> => {
    while (!over.aborted) {
      try {
        const loaded = await cursors.load(partition);
        const bounds = await readLogBounds(admin, topic, partition);
        const from = firstOffset(loaded, bounds, { topic, partition, group });
        await handler.takeOver(partition, from);
        if (over.aborted) return;
        cursor = loaded;
        next = from;
        end = bounds.end;
        unverified = loaded?.recordId != null && from > bounds.start;
        if (paused?.kind === "taking-over" || from >= bounds.end) goOn();
        show();
        reading = true;
        control.seek(partition, unverified ? from - 1 : from);
        control.resume(partition);
        return;
      } catch (error) {
        if (error instanceof HistoryError) return stopWith(error);
        hold("outage", "the cursor can't be taken over", error);
        await pause(backoffMs(failures, backoff), over);
      }
    }
  };

  /** Whether the record before the cursor is the one that was read; true as well where the log no longer has it. */
  const verify = (messages: KafkaMessage[], before: number): boolean => {
    unverified = false;
    const found = messages.find(({ offset }) => Number(offset) >= before);
    if (!found) {
      unverified = true;
      control.seek(partition, before);
      return false;
    }
    if (Number(found.offset) > before || recordId(found) === cursor?.recordId) return true;
    stopWith(
      new CursorRecordMismatch(
        `${group} read another record at offset ${before} of partition ${partition} of ${topic} than the log has there: the log is not the one that was read`,
        partition,
      ),
    );
    return false;
  };

  const work = async (payload: EachBatchPayload): Promise<void> => {
    const { messages, highWatermark } = payload.batch;
    const pulse = createPulse(payload, log);
    end = Number(highWatermark);
    if (unverified && next !== null && !verify(messages, next - 1)) return;
    let took = false;
    while (reading && next !== null && !over.aborted && payload.isRunning()) {
      const chunk = cutChunk(messages, { partition, next }, settings.maxRecords, settings.decode);
      if (chunk.last && !(await take(chunk, pulse))) break;
      if (chunk.last) await tellGroup(payload, pulse, chunk.next);
      took ||= chunk.last !== undefined;
      if (chunk.halt) halt(chunk.halt, chunk.next);
      else if (!took) control.seek(partition, next);
      if (pulse.lost() || !chunk.last) break;
    }
    const lost = pulse.lost();
    if (!lost) return;
    taken.abort();
    throw lost;
  };

  const take = async (chunk: Chunk<E>, pulse: Pulse): Promise<boolean> => {
    const startedAt = performance.now();
    try {
      const moved = await takeChunk(partition, chunk, cursor, pulse, settings, taken.signal);
      if (!moved) {
        recover("taking-over", "another owner has moved the cursor");
        return false;
      }
      cursor = moved;
    } catch (error) {
      if (pulse.lost()) taken.abort();
      recover("outage", "a batch could not be applied", error);
      return false;
    }
    next = chunk.next;
    failures = 0;
    gaps = 0;
    const seconds = (performance.now() - startedAt) / 1000;
    metrics.taken({ records: chunk.records.length, dead: chunk.dead.length, seconds });
    if (!chunk.halt) goOn();
    show();
    return true;
  };

  /** The group's own record of the offset is for Kafka's tools: nothing depends on it. */
  const tellGroup = async (payload: EachBatchPayload, pulse: Pulse, offset: number) => {
    if (taken.signal.aborted) return;
    payload.resolveOffset(String(offset - 1));
    try {
      const partitions = [{ partition, offset: String(offset) }];
      await payload.commitOffsetsIfNecessary({ topics: [{ topic, partitions }] });
    } catch (error) {
      pulse.note(error);
    }
    await pulse.beat();
  };

  const halt = (why: NonNullable<Chunk<E>["halt"]>, at: number) => {
    if (why.kind === "unsupported") return recover("unsupported", `offset ${at}: ${why.cause}`);
    gaps += 1;
    const cause = `offset ${at} is expected, ${why.found} is the next that the broker has`;
    if (gaps <= GAP_LOOKS) return recover("outage", cause);
    stopWith(new HistoryGap(`partition ${partition} of ${topic} has a hole: ${cause}`, partition));
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
      let last: unknown;
      while (last !== activity) {
        last = activity;
        await activity;
      }
    },
    state,
  };
}
