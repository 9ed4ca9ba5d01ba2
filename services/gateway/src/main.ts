// The gateway's process: what it is made of, and in which order it ends.
import { eventsTopic, secretFingerprint } from "@waitlist/contracts";
import { createAppender } from "@waitlist/kafka";
import { createInternalClient, runService } from "@waitlist/runtime";
import { createTokens } from "@waitlist/tokens";
import { createCachedDefinitions } from "./adapters/cached-definitions.ts";
import { createHttpInvite } from "./adapters/http-invite.ts";
import { createHttpSchedules } from "./adapters/http-schedules.ts";
import { createHttpStorage } from "./adapters/http-storage.ts";
import { createKafkaLog } from "./adapters/kafka-log.ts";
import { openRedis } from "./adapters/redis.ts";
import { buildApp } from "./app.ts";
import { createAppliedWaits } from "./applied-waits.ts";
import { GatewayConfig } from "./config.ts";
import { parseAdminKeys } from "./domain/admin-keys.ts";
import { parseTrustProxy } from "./http/trust-proxy.ts";
import { createIdempotency } from "./idempotency.ts";
import { createPlaces } from "./places.ts";
import { createProtections } from "./protections.ts";
import { gatewayDependencies } from "./readiness.ts";
import { VERSION } from "./version.ts";

await runService("gateway", GatewayConfig, async ({ config, log, registry, lifecycle }) => {
  const { ENTRY_ID_SECRET: secret, EVENT_PARTITIONS: partitions, TOPIC_PREFIX: topicPrefix } = config;
  const trustProxy = parseTrustProxy(config.TRUST_PROXY);
  const clock = Date.now;
  const waits = createAppliedWaits();
  const redis = openRedis(config.REDIS_URL, { partitions, waits, log });
  lifecycle.onClose("Redis", redis.close);

  const brokers = config.KAFKA_BROKERS.split(",");
  const warm = { topic: eventsTopic(partitions, topicPrefix).name, partitions };
  const appender = createAppender({ brokers, clientId: "gateway", warm, log, registry });
  lifecycle.onClose("the log", () => appender.close());

  const ask = (url: string) => createInternalClient(url, config.INTERNAL_TOKEN);
  const installation = { secretFingerprint: secretFingerprint(secret), partitions };
  const storage = createHttpStorage(ask(config.STORAGE_URL), installation, log);
  const dependencies = gatewayDependencies(config, { kafka: appender.ready, redis: redis.probe });
  const app = await buildApp({
    http: { log, registry, dependencies, server: { trustProxy } },
    log: createKafkaLog(appender, { partitions, topicPrefix }),
    storage,
    definitions: createCachedDefinitions(storage, clock, log),
    places: createPlaces({ readModel: redis.readModel, storage, registry, log }),
    announcements: redis.announcements,
    live: { maxStreams: config.MAX_STREAMS },
    ...createHttpInvite(ask(config.INVITE_URL)),
    schedules: createHttpSchedules(ask(config.INVITE_URL)),
    waits,
    idempotency: createIdempotency(redis.idempotency, secret, log),
    ...createProtections(config, { redis, clock, registry, log }),
    tokens: createTokens(config.TOKEN_KEYS, clock),
    keys: parseAdminKeys(config.ADMIN_KEYS),
    clock,
    secret,
    documents: { version: VERSION, publicUrl: config.PUBLIC_URL, partitions, topicPrefix },
  });
  lifecycle.onClose("HTTP", () => app.close());
  log.info({ url: await app.listen({ port: config.PORT, host: config.HOST }) }, "listening");
});
