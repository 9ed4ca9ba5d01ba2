// One gateway for the benchmark, as a process of its own: the real one but for its log port. Says its port over IPC.
import {
  eventsTopic,
  partitionOf,
  type StoredWaitlist,
  secretFingerprint,
  type WaitlistDefinition,
  type WaitlistEvent,
} from "@waitlist/contracts";
import { createKafkaLog } from "@waitlist/gateway/adapters/kafka-log";
import { buildApp } from "@waitlist/gateway/app";
import { createAppliedWaits } from "@waitlist/gateway/applied-waits";
import { parseAdminKeys } from "@waitlist/gateway/domain/admin-keys";
import { createIdempotency } from "@waitlist/gateway/idempotency";
import type { EventLog } from "@waitlist/gateway/ports";
import { createAppender } from "@waitlist/kafka";
import { createLogger, createRegistry } from "@waitlist/runtime";
import { createTokens } from "@waitlist/tokens";
import { createPerRequestLog } from "./per-request-log.ts";

export const VARIANTS = ["durable", "instant", "per-request"] as const;
export type Variant = (typeof VARIANTS)[number];

const PARTITIONS = 12;
const SECRET = "a secret for benchmarks only";
const brokers = (process.env.KAFKA_BROKERS ?? "").split(",");
const topicPrefix = process.env.TOPIC_PREFIX ?? "";
const log = createLogger("bench", "silent");
const registry = createRegistry("bench");

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

const definition: WaitlistDefinition = {
  ...{ name: "Bench", revealPosition: "by-email", doubleOptIn: false, locale: "en", timeZone: "UTC" },
  ...{ brand: {}, questions: [], showCount: false, referrals: true, allowedOrigins: [] },
  ...{ disposableAddresses: "flag", challenge: "off" },
  invites: { lifetimeHours: 168, reclaim: false, requeue: "no" },
};
const installation = { secretFingerprint: secretFingerprint(SECRET), partitions: PARTITIONS };
const stored: StoredWaitlist = {
  ...{ waitlistId: "bench", definition, offset: 0, eventId: "e", count: 0, installation },
  definedAt: "2026-01-01T00:00:00.000Z",
};

const unused = async (): Promise<never> => {
  throw new Error("the benchmark only signs up");
};

const app = await buildApp({
  http: { log, registry, dependencies: {} },
  log: await logs[process.env.VARIANT as Variant](),
  storage: { ensureInstallation: unused, waitlist: unused, entry: unused, entries: unused },
  definitions: { get: async () => stored, put: () => undefined },
  places: { find: unused },
  batches: { find: unused },
  waits: createAppliedWaits(),
  idempotency: createIdempotency({ claim: unused, keep: unused, release: unused }, SECRET, log),
  tokens: createTokens("k1:0123456789abcdef0123456789abcdef", Date.now),
  keys: parseAdminKeys(`bench:admin:${"0".repeat(64)}`),
  clock: Date.now,
  secret: SECRET,
  documents: { version: "0.0.0", publicUrl: "http://localhost", partitions: PARTITIONS, topicPrefix },
});
process.send?.(await app.listen({ host: "127.0.0.1", port: 0 }));
process.once("disconnect", () => process.exit(0));
