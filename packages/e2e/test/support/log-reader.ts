// Reads the log itself, with a client of its own, and works out the order from nothing else.
import { eventsTopic, partitionOf } from "@waitlist/contracts";
import { eventually } from "@waitlist/testing";
import { Kafka, logLevel } from "kafkajs";

const PARTITIONS = 12;

interface Joined {
  type: string;
  data: { waitlistId: string; entryId: string };
}

/** The entryIds of a list in the order of their first join on the log. (Nobody leaves in these tests.) */
export async function readOrder(brokers: string, waitlistId: string): Promise<string[]> {
  const kafka = new Kafka({ brokers: brokers.split(","), clientId: "auditor", logLevel: logLevel.NOTHING });
  const { name: topic } = eventsTopic(PARTITIONS);
  const partition = partitionOf(waitlistId, PARTITIONS);
  const admin = kafka.admin();
  await admin.connect();
  // A leader that was chosen just now may not know it yet.
  const offsets = await eventually(() => admin.fetchTopicOffsets(topic));
  await admin.disconnect();
  const end = Number(offsets.find((each) => each.partition === partition)?.high ?? 0);
  const values = await readPartition(kafka, topic, partition, end);
  const order = new Set<string>();
  for (const value of values) {
    const event = JSON.parse(value) as Joined;
    if (event.type === "WaitlistJoined" && event.data.waitlistId === waitlistId)
      order.add(event.data.entryId);
  }
  return [...order];
}

async function readPartition(kafka: Kafka, topic: string, partition: number, end: number): Promise<string[]> {
  if (end === 0) return [];
  const consumer = kafka.consumer({ groupId: `auditor-${process.pid}-${performance.now()}` });
  await consumer.connect();
  await consumer.subscribe({ topic, fromBeginning: true });
  const values: string[] = [];
  const read = Promise.withResolvers<void>();
  await consumer.run({
    eachMessage: async (message) => {
      if (message.partition !== partition) return;
      values.push(message.message.value?.toString() ?? "");
      if (Number(message.message.offset) >= end - 1) read.resolve();
    },
  });
  await read.promise;
  await consumer.disconnect();
  return values;
}
