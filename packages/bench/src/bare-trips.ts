// What a trip through the broker costs by itself.
import { Kafka, logLevel } from "kafkajs";

/** A producer and a consumer of kafkajs's own, as plain as they come, on a topic of one partition. */
export async function startBareTrips(brokers: string, name: string) {
  const topic = `${name}-${process.pid}`;
  const kafka = new Kafka({
    brokers: brokers.split(","),
    clientId: "bench-bare",
    logLevel: logLevel.NOTHING,
  });
  const admin = kafka.admin();
  await admin.connect();
  await admin.createTopics({ topics: [{ topic, numPartitions: 1 }] });
  await admin.disconnect();
  const producer = kafka.producer();
  await producer.connect();
  const consumer = kafka.consumer({ groupId: topic, maxWaitTimeInMs: 100 });
  const waiting = new Map<string, () => void>();
  await consumer.connect();
  await consumer.subscribe({ topic, fromBeginning: true });
  await consumer.run({
    eachMessage: async ({ message }) => waiting.get(message.value?.toString() ?? "")?.(),
  });
  let sent = 0;
  return {
    trip: async () => {
      const value = String(sent++);
      const arrived = new Promise<void>((resolve) => waiting.set(value, resolve));
      await producer.send({ topic, acks: -1, messages: [{ value }] });
      await arrived;
      waiting.delete(value);
    },
    stop: async () => {
      await consumer.disconnect();
      await producer.disconnect();
    },
  };
}
