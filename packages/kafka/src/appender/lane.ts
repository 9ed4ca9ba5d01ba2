import type { KafkaOptions, Log } from "../client.ts";
import { AppendRefused, RecordTooLarge } from "../errors.ts";
import { backoffMs, pause } from "../waiting.ts";
import { outcomeOf, type QueuedRecord } from "./record.ts";
import { openWriter, type Writer } from "./writer.ts";

/** One partition's way to the log: its queue, its one batch in flight, its producer. */
export interface Lane {
  push(record: QueuedRecord): void;
  /** Connected, and the last attempt didn't fail. */
  ready(): boolean;
  /** Disconnects; every record must be settled before. */
  close(): Promise<void>;
}

export interface LaneOptions extends KafkaOptions {
  topic: string;
  partition: number;
  maxBatch: number;
  maxBatchBytes: number;
  requestTimeoutMs: number;
  onAttempt(attempt: { records: number; seconds: number; failed: boolean }): void;
}

const RETRY = { firstMs: 100, maxMs: 1500 };

const TOO_LARGE = ["MESSAGE_TOO_LARGE", "RECORD_LIST_TOO_LARGE"];
const REFUSED = ["TOPIC_AUTHORIZATION_FAILED", "CLUSTER_AUTHORIZATION_FAILED", "INVALID_TOPIC_EXCEPTION"];

/**
 * Records are written in the order in which they were pushed. While a batch is in flight, further records wait and
 * then go together: no timer gathers them, and an idle partition writes at the end of the event loop's turn.
 */
export function createLane(options: LaneOptions): Lane {
  const { topic, partition, log } = options;
  const queue: QueuedRecord[] = [];
  const stop = new AbortController();
  let writer: Writer | undefined;
  let connecting: Promise<Writer | undefined> | undefined;
  let draining: Promise<void> | undefined;
  const outage = createOutageLog(log, { topic, partition });

  /** The lane's writer, or none once the lane is closed; tries until it has one. */
  const connected = (): Promise<Writer | undefined> => {
    connecting ??= connect().finally(() => {
      connecting = undefined;
    });
    return connecting;
  };
  const connect = async () => {
    for (let attempt = 0; !writer && !stop.signal.aborted; attempt += 1) {
      try {
        writer = await openWriter(options);
        outage.over();
      } catch (error) {
        outage.report(error);
        await pause(backoffMs(attempt, RETRY), stop.signal);
      }
    }
    return writer;
  };

  const drain = async () => {
    // What arrives in this turn of the event loop shares the batch.
    await new Promise((resolve) => setImmediate(resolve));
    for (;;) {
      if (!(await connected())) return;
      const batch = takeBatch(queue, options);
      if (batch.length === 0) return;
      await deliver(batch, 0);
    }
  };

  /** Tries until the batch is acknowledged or none of its records' callers waits any more. */
  const deliver = async (batch: QueuedRecord[], earlier: number): Promise<void> => {
    for (let attempt = earlier; ; attempt += 1) {
      const current = await connected();
      const records = batch.filter((record) => !record.settled);
      if (!current || records.length === 0) return;
      const failure = await tryWrite(current, records, attempt > 0);
      if (!failure) return;
      // Whatever failed: the producer's numbers may no longer be the broker's.
      writer = undefined;
      current.end("a produce failed");
      if (TOO_LARGE.includes(failure.type) && records.length > 1) {
        const half = Math.ceil(records.length / 2);
        await deliver(records.slice(0, half), attempt);
        return await deliver(records.slice(half), attempt);
      }
      if (reject(records, failure, attempt)) return;
      outage.report(failure.error);
      await pause(backoffMs(attempt - earlier, RETRY));
    }
  };

  const tryWrite = async (current: Writer, records: QueuedRecord[], repeated: boolean) => {
    for (const record of records) record.attempted = true;
    const startedAt = performance.now();
    const done = (failed: boolean) =>
      options.onAttempt({ records: records.length, seconds: (performance.now() - startedAt) / 1000, failed });
    try {
      const first = await current.write(records);
      done(false);
      records.forEach((record, index) => {
        record.acknowledge({ partition, offset: first + index, repeated });
      });
      return undefined;
    } catch (error) {
      done(true);
      return { error, type: protocolType(error) };
    }
  };

  const start = () => {
    draining ??= drain()
      .catch((error: unknown) => log.error({ err: error, topic, partition }, "a partition's writer failed"))
      .finally(() => {
        draining = undefined;
        if (queue.length > 0 && !stop.signal.aborted) start();
      });
  };

  start();
  return {
    push: (record) => {
      dropSettled(queue);
      queue.push(record);
      start();
    },
    ready: () => writer !== undefined,
    close: async () => {
      stop.abort();
      await draining;
      await writer?.close();
    },
  };
}

/** Expired records at the head would else pile up while no broker can be reached. */
function dropSettled(queue: QueuedRecord[]): void {
  while (queue[0]?.settled) queue.shift();
}

function takeBatch(
  queue: QueuedRecord[],
  limits: { maxBatch: number; maxBatchBytes: number },
): QueuedRecord[] {
  const batch: QueuedRecord[] = [];
  let bytes = 0;
  for (;;) {
    dropSettled(queue);
    const [head] = queue;
    if (
      !head ||
      batch.length >= limits.maxBatch ||
      (batch.length > 0 && bytes + head.bytes > limits.maxBatchBytes)
    ) {
      return batch;
    }
    queue.shift();
    batch.push(head);
    bytes += head.bytes;
  }
}

/** Ends what no further attempt can help; true when it did. */
function reject(
  records: QueuedRecord[],
  failure: { error: unknown; type: string },
  attempt: number,
): boolean {
  const cause = { cause: failure.error };
  for (const record of records) {
    if (TOO_LARGE.includes(failure.type)) {
      // No attempt at a batch of this size can have been written, unless an earlier one met other limits.
      const outcome = attempt === 0 ? "not-written" : outcomeOf(record);
      record.fail(new RecordTooLarge("the broker takes no record of this size", outcome, cause));
    } else if (REFUSED.includes(failure.type)) {
      record.fail(
        new AppendRefused(`the broker refuses the record: ${failure.type}`, outcomeOf(record), cause),
      );
    } else {
      return false;
    }
  }
  return true;
}

/** Kafka's own name of an error, through kafkajs's wrappings. */
function protocolType(error: unknown): string {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if ("type" in cause && typeof cause.type === "string") return cause.type;
  }
  return "";
}

/** Reports an outage once at its beginning and once at its end, however many attempts it takes. */
function createOutageLog(log: Log, where: object) {
  let down = false;
  return {
    report: (error: unknown) => {
      const report = { ...where, err: error };
      if (down) log.debug(report, "the log still can't be written to");
      else log.warn(report, "the log can't be written to; trying again");
      down = true;
    },
    over: () => {
      if (down) log.info(where, "connected to the log again");
      down = false;
    },
  };
}
