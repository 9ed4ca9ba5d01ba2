import { type Static, Type } from "@sinclair/typebox";
import { settings } from "@waitlist/runtime";

export const GatewayConfig = Type.Object({
  PORT: settings.port(8080),
  HOST: settings.HOST,
  PUBLIC_URL: settings.PUBLIC_URL,
  KAFKA_BROKERS: settings.KAFKA_BROKERS,
  REDIS_URL: settings.REDIS_URL,
  STORAGE_URL: Type.String({ pattern: "^https?://", description: "the storage service's internal HTTP" }),
  INVITE_URL: Type.String({ pattern: "^https?://", description: "the invite service's internal HTTP" }),
  INTERNAL_TOKEN: settings.INTERNAL_TOKEN,
  ENTRY_ID_SECRET: settings.ENTRY_ID_SECRET,
  TOKEN_KEYS: settings.TOKEN_KEYS,
  ADMIN_KEYS: Type.String({
    default: "",
    description: "name:scopes:sha256, one a line or separated by commas; scopes joined by +",
  }),
  EVENT_PARTITIONS: settings.EVENT_PARTITIONS,
  TOPIC_PREFIX: settings.TOPIC_PREFIX,
  RATE_LIMIT: Type.String({ default: "on", description: "on, off, or limits such as client=120/60" }),
  TRUST_PROXY: Type.String({
    default: "none",
    description: "none, a number of proxies, or their addresses, separated by commas",
  }),
  MAX_STREAMS: Type.Integer({
    minimum: 0,
    maximum: 1_000_000,
    default: 10_000,
    description: "event streams that may be open at once",
  }),
  LOG_LEVEL: settings.LOG_LEVEL,
});
export type GatewayConfig = Static<typeof GatewayConfig>;
