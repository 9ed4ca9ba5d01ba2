// What a gateway without a coalescer does: one idempotent produce for each request, with kafkajs as it comes.
import { encodeEvent, partitionOf, type TopicDefinition } from "@waitlist/contracts";
import type { EventLog } from "@waitlist/gateway/ports";
import { Kafka, logLevel } from "kafkajs";

export async function createPerRequestLog(brokers: string[], topic: TopicDefinition): Promise<EventLog> {
  const kafka = new Kafka({ brokers, clientId: "bench-per-request", logLevel: logLevel.NOTHING });
  const producer = kafka.producer({ idempotent: true });
  await producer.connect();
  return {
    append: async (event) => {
      const { waitlistId } = event.data;
      const partition = partitionOf(waitlistId, topic.partitions);
      const messages = [{ key: waitlistId, value: encodeEvent(event), partition }];
      const [written] = await producer.send({ topic: topic.name, acks: -1, messages });
      return { partition, offset: Number(written?.baseOffset) };
    },
  };
}
