// A gateway for signups whose log port, or whose protections, are the variant's.
import { eventsTopic, partitionOf, type WaitlistEvent } from "@waitlist/contracts";
import { createKafkaLog } from "@waitlist/gateway/adapters/kafka-log";
import { openRedis } from "@waitlist/gateway/adapters/redis";
import { createAppliedWaits } from "@waitlist/gateway/applied-waits";
import { createKnownLog } from "@waitlist/gateway/known-log";
import type { EventLog } from "@waitlist/gateway/ports";
import { createProtections } from "@waitlist/gateway/protections";
import { createAppender } from "@waitlist/kafka";
import { startTracing } from "@waitlist/runtime";
import { log, registry, runBenchGateway } from "./gateway.ts";
import { PARTITIONS, SECRET } from "./installation.ts";
import { createPerRequestLog } from "./per-request-log.ts";
import { measureNothing } from "./unmeasured.ts";

/**
 * - `durable` writes to Kafka, `instant` nowhere, `per-request` one produce a request: all without protections;
 * - `measured` is `durable` with the log that services have, `traced` has traces on, too, and `unmeasured` is
 *   `durable` whose metrics count nothing;
 * - `protected` is `durable` with all that every signup goes through; `challenged` asks for a proof of work, too.
 */
export type Variant =
  | "durable"
  | "instant"
  | "per-request"
  | "unmeasured"
  | "measured"
  | "traced"
  | "protected"
  | "challenged";

const brokers = (process.env.KAFKA_BROKERS ?? "").split(",");
const topicPrefix = process.env.TOPIC_PREFIX ?? "";

async function durableLog(): Promise<EventLog> {
  const warm = { topic: eventsTopic(PARTITIONS, topicPrefix).name, partitions: PARTITIONS };
  const appender = createAppender({ brokers, clientId: "bench", warm, log, registry });
  return createKafkaLog(appender, { partitions: PARTITIONS, topicPrefix, known: createKnownLog(log) });
}

async function instantLog(): Promise<EventLog> {
  let offset = 0;
  const place = (event: WaitlistEvent) => partitionOf(event.data.waitlistId, PARTITIONS);
  return { append: async (event) => ({ partition: place(event), offset: offset++ }) };
}

/** Limits so high that nothing is refused: everything is counted in Redis all the same. */
const HIGH = ["client", "list", "all", "reads"].map((name) => `${name}=900000000/60`).join();

function protections() {
  const waits = createAppliedWaits();
  const redis = openRedis(process.env.REDIS_URL ?? "", { partitions: PARTITIONS, waits, log });
  const config = { RATE_LIMIT: HIGH, ENTRY_ID_SECRET: SECRET };
  return createProtections(config, { redis, clock: Date.now, registry, log });
}

const variants: Record<Variant, () => Promise<void>> = {
  durable: async () => runBenchGateway({ log: await durableLog() }),
  instant: async () => runBenchGateway({ log: await instantLog() }),
  "per-request": async () =>
    runBenchGateway({ log: await createPerRequestLog(brokers, eventsTopic(PARTITIONS, topicPrefix)) }),
  unmeasured: async () => {
    measureNothing();
    await runBenchGateway({ log: await durableLog() });
  },
  measured: async () => {
    log.level = "info";
    await runBenchGateway({ log: await durableLog() });
  },
  traced: async () => {
    log.level = "info";
    const lifecycle = { onClose: () => undefined };
    await startTracing("gateway", process.env.OTEL_EXPORTER_OTLP_ENDPOINT, { log, lifecycle });
    await runBenchGateway({ log: await durableLog() });
  },
  protected: async () => runBenchGateway({ log: await durableLog(), ...protections() }),
  challenged: async () =>
    runBenchGateway({ log: await durableLog(), ...protections() }, { challenge: "always" }),
};

await variants[process.env.VARIANT as Variant]();
