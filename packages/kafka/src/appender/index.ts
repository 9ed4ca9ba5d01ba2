import type { Registry } from "@waitlist/runtime";
import type { KafkaOptions } from "../client.ts";
import { AppenderClosed, QueueFull, RecordTooLarge } from "../errors.ts";
import { createLane, type Lane } from "./lane.ts";
import { createAppendMetrics } from "./metrics.ts";
import { type Appended, type AppendRequest, queueRecord, recordBytes } from "./record.ts";
import { traceAppend, traceAppendAll } from "./traces.ts";

export type { Appended, AppendRequest } from "./record.ts";

export interface AppenderOptions {
  /** Partitions that are connected to at once; any other is connected to at its first record. */
  warm?: { topic: string; partitions: number };
  /** Records taken and not yet answered, over all partitions. */
  maxQueued?: number;
  /** Records in a batch. */
  maxBatch?: number;
  /** Bytes in a batch; below the broker's `max.message.bytes` (1 MiB). */
  maxBatchBytes?: number;
  /** A record's deadline where its request has none, in milliseconds. */
  deadlineMs?: number;
  /** How long a broker may take to answer before the connection is given up, in milliseconds. */
  requestTimeoutMs?: number;
  registry?: Registry;
}

export interface Appender {
  /**
   * Resolves once the record is on the log for good (`acks=all`). Rejects with an `AppendError` that says whether the
   * record may be there all the same. Records of one partition are written in the order of the calls.
   */
  append(request: AppendRequest): Promise<Appended>;
  /** Takes all or none (`QueueFull`, `RecordTooLarge`, `AppenderClosed`); rejects with the first failure. */
  appendAll(requests: AppendRequest[]): Promise<Appended[]>;
  /** Every partition in use is connected, and its last attempt went through. */
  ready(): boolean;
  /** Takes no more, waits until everything taken is answered (their deadlines bound it), and disconnects. */
  close(): Promise<void>;
}

const DEFAULTS = {
  maxQueued: 10_000,
  maxBatch: 500,
  maxBatchBytes: 900_000,
  deadlineMs: 5000,
  requestTimeoutMs: 3000,
};

/**
 * Writes records so that an acknowledged one is on the log, whatever connections and brokers do meanwhile. A record
 * whose acknowledgement was lost may be there twice: readers drop repetitions by the event's id.
 *
 * Each partition has an idempotent producer of its own, with one batch in flight: kafkajs serialises the requests of
 * one producer to a broker anyway, and so the trouble of one partition is no other's. It connects in the background.
 */
export function createAppender(options: KafkaOptions & AppenderOptions): Appender {
  const settings = { ...DEFAULTS, ...options };
  const { maxQueued, maxBatchBytes } = settings;
  const metrics = createAppendMetrics(options.registry);
  const lanes = new Map<string, Lane>();
  let waiting = 0;
  let closed: Promise<void> | undefined;
  const allSettled = Promise.withResolvers<void>();

  const lane = (topic: string, partition: number): Lane => {
    const name = `${topic}/${partition}`;
    let existing = lanes.get(name);
    if (!existing) {
      existing = createLane({ ...settings, topic, partition, onAttempt: metrics.attempt });
      lanes.set(name, existing);
    }
    return existing;
  };

  const enqueue = (request: AppendRequest): Promise<Appended> => {
    waiting += 1;
    metrics.queued.inc();
    const { record, answer } = queueRecord(request, request.deadlineMs ?? settings.deadlineMs, (outcome) => {
      waiting -= 1;
      metrics.queued.dec();
      if (closed && waiting === 0) allSettled.resolve();
      if (outcome !== "acknowledged") metrics.failures.inc({ reason: outcome });
    });
    lane(request.topic, request.partition).push(record);
    return answer;
  };

  const refusal = (requests: AppendRequest[]): Error | undefined => {
    if (closed) return new AppenderClosed();
    if (waiting + requests.length > maxQueued) {
      metrics.failures.inc({ reason: "queue-full" });
      return new QueueFull(maxQueued);
    }
    return requests.some((request) => recordBytes(request) > maxBatchBytes)
      ? new RecordTooLarge(`a record has more than ${maxBatchBytes} bytes`, "not-written")
      : undefined;
  };

  const write = async (request: AppendRequest): Promise<Appended> => {
    const refused = refusal([request]);
    if (refused) throw refused;
    return await enqueue(request);
  };

  const writeAll = async (requests: AppendRequest[]): Promise<Appended[]> => {
    const refused = refusal(requests);
    if (refused) throw refused;
    return await Promise.all(requests.map(enqueue));
  };

  const close = async () => {
    if (waiting > 0) await allSettled.promise;
    await Promise.all([...lanes.values()].map((each) => each.close()));
  };

  const { warm } = options;
  for (let partition = 0; warm && partition < warm.partitions; partition += 1) lane(warm.topic, partition);

  return {
    append: (request) => traceAppend(request, write),
    appendAll: (requests) => traceAppendAll(requests, writeAll),
    ready: () => !closed && [...lanes.values()].every((each) => each.ready()),
    close: () => {
      closed ??= close();
      return closed;
    },
  };
}
