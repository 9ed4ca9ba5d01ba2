// The gateway's process: what it is made of, and in which order it ends.
import { eventsTopic, secretFingerprint } from "@waitlist/contracts";
import { createAppender, createLagReader, createLogReader } from "@waitlist/kafka";
import { createInternalClient, runService } from "@waitlist/runtime";
import { createTokens } from "@waitlist/tokens";
import { createCachedDefinitions } from "./adapters/cached-definitions.ts";
import { createHttpDeliveryReports } from "./adapters/http-delivery-reports.ts";
import { createHttpEmail, TEST_MAIL_TIMEOUT_MS } from "./adapters/http-email.ts";
import { createHttpInvite } from "./adapters/http-invite.ts";
import { createHttpMails } from "./adapters/http-mails.ts";
import { createHttpSchedules } from "./adapters/http-schedules.ts";
import { createHttpStorage } from "./adapters/http-storage.ts";
import { createKafkaDeadLetters } from "./adapters/kafka-dead-letters.ts";
import { createKafkaLag } from "./adapters/kafka-lag.ts";
import { createKafkaLog } from "./adapters/kafka-log.ts";
import { openRedis } from "./adapters/redis.ts";
import { buildApp } from "./app.ts";
import { createAppliedWaits } from "./applied-waits.ts";
import { createBounds } from "./bounds.ts";
import { GatewayConfig } from "./config.ts";
import { parseAdminKeys } from "./domain/admin-keys.ts";
import { parseTrustProxy } from "./http/trust-proxy.ts";
import { createIdempotency } from "./idempotency.ts";
import { createKnownLog } from "./known-log.ts";
import { createPlaces } from "./places.ts";
import { createProtections } from "./protections.ts";
import { gatewayDependencies } from "./readiness.ts";
import { rules } from "./settings-rules.ts";
import { VERSION } from "./version.ts";

const settings = { schema: GatewayConfig, rules };

await runService("gateway", settings, async ({ config, log, registry, lifecycle }) => {
  const { ENTRY_ID_SECRET: secret, EVENT_PARTITIONS: partitions, TOPIC_PREFIX: topicPrefix } = config;
  const trustProxy = parseTrustProxy(config.TRUST_PROXY);
  const clock = Date.now;
  const waits = createAppliedWaits();
  const redis = openRedis(config.REDIS_URL, { partitions, waits, log, registry });
  lifecycle.onClose("Redis", redis.close);

  const brokers = config.KAFKA_BROKERS.split(",");
  const warm = { topic: eventsTopic(partitions, topicPrefix).name, partitions };
  const appender = createAppender({ brokers, clientId: "gateway", warm, log, registry });
  lifecycle.onClose("the log", () => appender.close());

  const lagReader = createLagReader({ brokers, clientId: "gateway-lag", log });
  lifecycle.onClose("the lag reader", lagReader.close);
  const logReader = createLogReader({ brokers, clientId: "gateway-reader", log });
  lifecycle.onClose("the log's reader", logReader.close);

  const ask = (url: string, ms?: number) => createInternalClient(url, config.INTERNAL_TOKEN, ms);
  const installation = { secretFingerprint: secretFingerprint(secret), partitions };
  const known = createKnownLog(log);
  const storage = createHttpStorage(ask(config.STORAGE_URL), installation, { known, log });
  const kafka = () => appender.ready() && known.isOurs();
  const dependencies = gatewayDependencies(config, { kafka, redis: redis.probe });
  const { peers, live } = createBounds(config, trustProxy);
  const app = await buildApp({
    http: { log, registry, dependencies, peers, server: { trustProxy } },
    log: createKafkaLog(appender, { partitions, topicPrefix, known }),
    storage,
    definitions: createCachedDefinitions(storage, clock, log),
    places: createPlaces({ readModel: redis.readModel, storage, registry, log }),
    announcements: redis.announcements,
    live,
    ...createHttpInvite(ask(config.INVITE_URL), storage),
    deliveryReports: createHttpDeliveryReports(ask(config.EMAIL_URL)),
    testMails: createHttpEmail(ask(config.EMAIL_URL, TEST_MAIL_TIMEOUT_MS)),
    schedules: createHttpSchedules(ask(config.INVITE_URL)),
    mails: createHttpMails(ask(config.EMAIL_URL)),
    deadLetters: createKafkaDeadLetters({ reader: logReader, appender, partitions, topicPrefix }),
    lag: createKafkaLag(lagReader, { topicPrefix, clock }),
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
