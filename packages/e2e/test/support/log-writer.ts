// Puts events on the log as a gateway or a timer would: what has no route yet, and what comes when it comes.
import {
  createEvent,
  type DataOf,
  type EventType,
  encodeEvent,
  eventsTopic,
  partitionOf,
} from "@waitlist/contracts";
import { Kafka, logLevel } from "kafkajs";

const PARTITIONS = 12;
const topic = eventsTopic(PARTITIONS).name;

export interface LogWriter {
  put<T extends EventType>(type: T, data: DataOf<T>): Promise<void>;
  /** Removes what stands before an offset of a list's partition, as retention does. */
  removeBefore(waitlistId: string, offset: number): Promise<void>;
  /** Names of the consumer groups that the broker knows. */
  groups(): Promise<string[]>;
  close(): Promise<void>;
}

export async function openLogWriter(brokers: string): Promise<LogWriter> {
  const kafka = new Kafka({ brokers: brokers.split(","), clientId: "tests", logLevel: logLevel.NOTHING });
  const producer = kafka.producer();
  const admin = kafka.admin();
  await Promise.all([producer.connect(), admin.connect()]);
  return {
    put: async (type, data) => {
      const { waitlistId } = data;
      const value = encodeEvent(createEvent(type, data, { source: "/tests", at: Date.now() }));
      const messages = [{ key: waitlistId, value, partition: partitionOf(waitlistId, PARTITIONS) }];
      await producer.send({ topic, acks: -1, messages });
    },
    removeBefore: async (waitlistId, offset) => {
      const partition = partitionOf(waitlistId, PARTITIONS);
      // kafkajs looks up the partition's leader in what it has learnt of the topic: let it learn.
      await admin.fetchTopicOffsets(topic);
      await admin.deleteTopicRecords({ topic, partitions: [{ partition, offset: String(offset) }] });
    },
    groups: async () => (await admin.listGroups()).groups.map(({ groupId }) => groupId).sort(),
    close: async () => {
      await Promise.all([producer.disconnect(), admin.disconnect()]);
    },
  };
}
