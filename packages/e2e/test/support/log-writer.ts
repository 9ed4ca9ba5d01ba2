// Puts events on the log as a gateway or a timer would: what has no route yet, and what comes when it comes.
import {
  createEvent,
  type DataOf,
  deadLetterTopic,
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
  /** All in one request, each in its list's partition. */
  putAll<T extends EventType>(type: T, data: DataOf<T>[]): Promise<void>;
  /** Puts bytes where a list's events are; answers their offset. */
  putBytes(waitlistId: string, value: Buffer): Promise<number>;
  /** Sets an event aside, as a service of an older build does with what it can't read; answers the letter's id. */
  setAside<T extends EventType>(
    group: string,
    event: { type: T; data: DataOf<T>; id: string },
    offset: number,
  ): Promise<string>;
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
  const putAll: LogWriter["putAll"] = async (type, all) => {
    const messages = all.map((data) => ({
      key: data.waitlistId,
      value: encodeEvent(createEvent(type, data, { source: "/tests", at: Date.now() })),
      partition: partitionOf(data.waitlistId, PARTITIONS),
    }));
    await producer.send({ topic, acks: -1, messages });
  };
  return {
    put: (type, data) => putAll(type, [data]),
    putAll,
    putBytes: async (waitlistId, value) => {
      const messages = [{ key: waitlistId, value, partition: partitionOf(waitlistId, PARTITIONS) }];
      const [written] = await producer.send({ topic, acks: -1, messages });
      return Number(written?.baseOffset);
    },
    setAside: async (group, { type, data, id }, offset) => {
      const partition = partitionOf(data.waitlistId, PARTITIONS);
      const value = encodeEvent(createEvent(type, data, { source: "/tests", at: Date.now(), id }));
      const headers = {
        ...{ cause: `${type}: /data/tomorrow: Unexpected property`, group, topic },
        ...{ partition: String(partition), offset: String(offset), bytes: String(value.length) },
      };
      const messages = [{ key: `${partition}:${offset}`, value, headers, partition: 0 }];
      await producer.send({ topic: deadLetterTopic(group).name, acks: -1, messages });
      return `${group}.${partition}.${offset}`;
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
