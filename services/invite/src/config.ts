import { type Static, Type } from "@sinclair/typebox";
import { settings } from "@waitlist/runtime";

export const Config = Type.Object({
  PORT: settings.port(8083),
  HOST: settings.HOST,
  KAFKA_BROKERS: settings.KAFKA_BROKERS,
  MONGODB_URL: settings.MONGODB_URL,
  ENTRY_ID_SECRET: settings.ENTRY_ID_SECRET,
  INTERNAL_TOKEN: settings.INTERNAL_TOKEN,
  EVENT_PARTITIONS: settings.EVENT_PARTITIONS,
  TOPIC_PREFIX: settings.TOPIC_PREFIX,
  LOG_LEVEL: settings.LOG_LEVEL,
  OTEL_EXPORTER_OTLP_ENDPOINT: settings.OTEL_EXPORTER_OTLP_ENDPOINT,
  EXPIRY_CHECK_MS: Type.Integer({
    minimum: 100,
    maximum: 3_600_000,
    default: 10_000,
    unit: "ms",
    description: "how often invites are looked for whose time is over",
  }),
  SCHEDULE_INTERVAL_MS: Type.Integer({
    minimum: 50,
    maximum: 60_000,
    default: 1000,
    unit: "ms",
    description: "how often schedules are looked at for what is due",
  }),
});
export type Config = Static<typeof Config>;
