import type { KafkaOptions } from "../client.ts";
import { backoffMs, pause } from "../waiting.ts";
import { createOutageLog } from "./outage-log.ts";
import { dropSettled, takeBatch } from "./queue.ts";
import type { QueuedRecord } from "./record.ts";
import { isTooLarge, protocolType, refuse } from "./refusals.ts";
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
      if (isTooLarge(failure.type) && records.length > 1) {
        const half = Math.ceil(records.length / 2);
        await deliver(records.slice(0, half), attempt);
        return await deliver(records.slice(half), attempt);
      }
      if (refuse(records, failure, attempt)) return;
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
      outage.over();
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
