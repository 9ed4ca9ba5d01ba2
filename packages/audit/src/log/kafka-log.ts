// Reads the log with a client and a group of its own: nothing is committed, and the services' groups aren't touched.
import { randomUUID } from "node:crypto";
import { type Admin, type Consumer, Kafka, type KafkaMessage, logLevel } from "kafkajs";
import { CannotAudit } from "../cannot-audit.ts";
import { createPartitionReader, type PartitionReader } from "./decoding.ts";
import type { Log } from "./log.ts";

const CONNECT_WITHIN_MS = 3000;
const STALLED_AFTER_MS = 30_000;
const MAX_GAPS = 5;
const BYTES_A_PARTITION = 4 * 1024 * 1024;

/** Connects to the brokers (host:port, separated by commas). Throws `CannotAudit` where none answers. */
export async function openKafkaLog(brokers: string, topic: string): Promise<Log> {
  const kafka = new Kafka({
    brokers: brokers.split(","),
    clientId: "audit",
    logLevel: logLevel.NOTHING,
    connectionTimeout: CONNECT_WITHIN_MS,
    retry: { retries: 3, initialRetryTime: 200 },
  });
  const admin = kafka.admin();
  await admin.connect().catch((cause: unknown) => {
    throw new CannotAudit(`No Kafka broker answers at ${brokers}.`, { cause });
  });
  const reading = createReading(kafka, topic);
  return {
    topic,
    ranges: async () => {
      const offsets = await admin.fetchTopicOffsets(topic).catch((cause: unknown) => {
        throw new CannotAudit(`There is no topic ${topic} at ${brokers}.`, { cause });
      });
      return offsets
        .map(({ partition, low, high }) => ({ partition, start: Number(low), end: Number(high) }))
        .sort((one, other) => one.partition - other.partition);
    },
    read: async (range, take) => {
      const reader = createPartitionReader(range, take);
      if (!reader.isDone()) await reading.run(reader);
      return reader.read;
    },
    close: async () => {
      await reading.close(admin);
      await admin.disconnect();
    },
  };
}

/** What is being read, and how the wait for its end is told. */
interface Turn {
  reader: PartitionReader;
  done: PromiseWithResolvers<void>;
  stalled: NodeJS.Timeout;
  /** Times in a row that the broker sent what lies beyond the next record. */
  gaps: number;
}

/** One consumer for all partitions, one of which is read at a time; it begins with the first. */
function createReading(kafka: Kafka, topic: string) {
  const groupId = `audit-order-${randomUUID()}`;
  let consumer: Consumer | null = null;
  let turn: Turn | null = null;

  async function start(): Promise<Consumer> {
    const started = kafka.consumer({
      ...{ groupId, maxBytesPerPartition: BYTES_A_PARTITION, maxWaitTimeInMs: 200 },
    });
    consumer = started;
    await started.connect();
    await started.subscribe({ topic, fromBeginning: true });
    const joined = Promise.withResolvers<number[]>();
    started.on(started.events.GROUP_JOIN, ({ payload }) =>
      joined.resolve(payload.memberAssignment[topic] ?? []),
    );
    started.on(started.events.CRASH, ({ payload: { error: cause } }) => {
      const failure = new CannotAudit("The connection to Kafka was lost while reading.", { cause });
      joined.reject(failure);
      turn?.done.reject(failure);
    });
    await started.run({
      autoCommit: false,
      eachBatch: async ({ batch: { partition, messages }, isStale }) => {
        if (turn?.reader.partition === partition && !isStale()) takeBatch(started, turn, messages);
      },
    });
    started.pause([{ topic, partitions: await joined.promise }]);
    return started;
  }

  function takeBatch(from: Consumer, current: Turn, messages: KafkaMessage[]): void {
    const { reader, done, stalled } = current;
    const { partition } = reader;
    if (reader.take(messages)) {
      current.gaps = 0;
      stalled.refresh();
      if (reader.isDone()) done.resolve();
      return;
    }
    current.gaps += 1;
    // What was fetched before a seek may arrive after it; what is gone stays away.
    if (current.gaps < MAX_GAPS) {
      from.seek({ topic, partition, offset: String(reader.next()) });
      return;
    }
    done.reject(
      new CannotAudit(
        `Partition ${partition} has nothing at offset ${reader.next()}: retention removed it while the audit was reading. Run it again.`,
      ),
    );
  }

  return {
    run: async (reader: PartitionReader): Promise<void> => {
      const running = consumer ?? (await start());
      const { partition } = reader;
      const done = Promise.withResolvers<void>();
      const stalled = setTimeout(
        () => done.reject(new CannotAudit(`Kafka sends nothing more of partition ${partition}.`)),
        STALLED_AFTER_MS,
      );
      turn = { reader, done, stalled, gaps: 0 };
      running.seek({ topic, partition, offset: String(reader.next()) });
      running.resume([{ topic, partitions: [partition] }]);
      try {
        await done.promise;
      } finally {
        clearTimeout(stalled);
        running.pause([{ topic, partitions: [partition] }]);
        turn = null;
      }
    },
    close: async (admin: Admin): Promise<void> => {
      if (!consumer) return;
      await consumer.disconnect();
      // A group that nobody is in and that committed nothing is forgotten by the broker itself, too.
      await admin.deleteGroups([groupId]).catch(() => undefined);
    },
  };
}
