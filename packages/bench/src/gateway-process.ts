// A gateway for signups whose log port is the variant's.
import { eventsTopic, partitionOf, type WaitlistEvent } from "@waitlist/contracts";
import { createKafkaLog } from "@waitlist/gateway/adapters/kafka-log";
import type { EventLog } from "@waitlist/gateway/ports";
import { createAppender } from "@waitlist/kafka";
import { log, registry, runBenchGateway } from "./gateway.ts";
import { PARTITIONS } from "./partitions.ts";
import { createPerRequestLog } from "./per-request-log.ts";

export const VARIANTS = ["durable", "instant", "per-request"] as const;
export type Variant = (typeof VARIANTS)[number];

const brokers = (process.env.KAFKA_BROKERS ?? "").split(",");
const topicPrefix = process.env.TOPIC_PREFIX ?? "";

/** The log port of each variant. Everything else is the same. */
const logs: Record<Variant, () => Promise<EventLog>> = {
  durable: async () => {
    const warm = { topic: eventsTopic(PARTITIONS, topicPrefix).name, partitions: PARTITIONS };
    const appender = createAppender({ brokers, clientId: "bench", warm, log, registry });
    return createKafkaLog(appender, { partitions: PARTITIONS, topicPrefix });
  },
  instant: async () => {
    let offset = 0;
    const place = (event: WaitlistEvent) => partitionOf(event.data.waitlistId, PARTITIONS);
    return { append: async (event) => ({ partition: place(event), offset: offset++ }) };
  },
  "per-request": () => createPerRequestLog(brokers, eventsTopic(PARTITIONS, topicPrefix)),
};

await runBenchGateway({ log: await logs[process.env.VARIANT as Variant]() });
