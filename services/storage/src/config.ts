import { type Static, Type } from "@sinclair/typebox";
import { settings } from "@waitlist/runtime";

export const Config = Type.Object({
  PORT: settings.port(8081),
  HOST: settings.HOST,
  KAFKA_BROKERS: settings.KAFKA_BROKERS,
  MONGODB_URL: settings.MONGODB_URL,
  REDIS_URL: settings.REDIS_URL,
  ENTRY_ID_SECRET: settings.ENTRY_ID_SECRET,
  INTERNAL_TOKEN: settings.INTERNAL_TOKEN,
  EVENT_PARTITIONS: settings.EVENT_PARTITIONS,
  TOPIC_PREFIX: settings.TOPIC_PREFIX,
  LOG_LEVEL: settings.LOG_LEVEL,
  OTEL_EXPORTER_OTLP_ENDPOINT: settings.OTEL_EXPORTER_OTLP_ENDPOINT,
});
export type Config = Static<typeof Config>;
