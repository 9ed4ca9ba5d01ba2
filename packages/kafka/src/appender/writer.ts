import type { Producer, RecordMetadata } from "kafkajs";
import { BRIEF_RETRY, createClient, type KafkaOptions } from "../client.ts";
import { within } from "../waiting.ts";
import type { QueuedRecord } from "./record.ts";

/** One partition's idempotent producer: good until its first failure, and thrown away then. */
export interface Writer {
  /** Writes the records as one batch and gives back the offset of the first; after a failure, call `end`. */
  write(records: QueuedRecord[]): Promise<number>;
  /** Cuts its connections: nothing of it reaches a broker after that but what is on its way already. */
  end(reason: string): void;
  close(): Promise<void>;
}

/**
 * Connects a producer with a producer id of its own.
 *
 * kafkajs (2.2.4) numbers the batches of an idempotent producer, and takes the numbers back when a produce fails for
 * good, though the broker may have written it. The next batch would then have the same numbers, and the broker would
 * take it for a repetition: acknowledged, and not written. Hence one produce at a time (see `createLane`), whose
 * repetitions by kafkajs have the same records and numbers; and after a failure no further one by this producer.
 */
export async function openWriter(
  options: KafkaOptions & { topic: string; partition: number; requestTimeoutMs: number },
): Promise<Writer> {
  const { topic, partition, requestTimeoutMs } = options;
  // The connection is cut before kafkajs gives the request up: it then repeats it on a new one.
  const client = createClient(options, {
    silenceMs: requestTimeoutMs,
    requestTimeoutMs: requestTimeoutMs + 500,
  });
  const producer = client.kafka.producer({
    idempotent: true,
    allowAutoTopicCreation: false,
    createPartitioner: () => () => partition,
    retry: BRIEF_RETRY,
  });
  const attemptMs = 2 * requestTimeoutMs;
  try {
    await within(attemptMs, "connecting a producer", producer.connect());
  } catch (error) {
    client.sever("the producer did not connect");
    throw error;
  }
  return {
    write: async (records) => {
      // The broker gives up waiting for its replicas, and says so, before the connection is given up.
      const sent = send(producer, topic, records, Math.floor(requestTimeoutMs * 0.8));
      return firstOffset(await within(attemptMs, "a produce", sent), topic, partition);
    },
    end: client.sever,
    close: async () => {
      try {
        await within(requestTimeoutMs, "disconnecting a producer", producer.disconnect());
      } finally {
        client.sever("the producer is closed");
      }
    },
  };
}

const send = (producer: Producer, topic: string, records: QueuedRecord[], timeout: number) =>
  producer.send({
    topic,
    acks: -1,
    timeout,
    messages: records.map(({ request: { key, value, headers } }) => ({
      key,
      value,
      ...(headers ? { headers } : {}),
    })),
  });

/**
 * kafkajs resolves a send to a partition that its metadata doesn't have with an empty answer, and a broker that knows
 * a batch for a repetition but no longer where it is answers -1: neither is an acknowledgement.
 */
function firstOffset(answer: RecordMetadata[], topic: string, partition: number): number {
  const entry = answer.find((part) => part.topicName === topic && part.partition === partition);
  const offset = Number(entry?.baseOffset ?? -1);
  if (entry?.errorCode !== 0 || !Number.isSafeInteger(offset) || offset < 0) {
    throw new Error("the broker's answer names no offset");
  }
  return offset;
}
