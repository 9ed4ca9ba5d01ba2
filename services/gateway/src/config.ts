import { type Static, Type } from "@sinclair/typebox";
import { httpUrl, settings } from "@waitlist/runtime";

export const GatewayConfig = Type.Object({
  PORT: settings.port(8080),
  HOST: settings.HOST,
  PUBLIC_URL: settings.PUBLIC_URL,
  KAFKA_BROKERS: settings.KAFKA_BROKERS,
  REDIS_URL: settings.REDIS_URL,
  STORAGE_URL: httpUrl("the storage service's internal HTTP"),
  EMAIL_URL: httpUrl("the email service's internal HTTP"),
  INVITE_URL: httpUrl("the invite service's internal HTTP"),
  INTERNAL_TOKEN: settings.INTERNAL_TOKEN,
  ENTRY_ID_SECRET: settings.ENTRY_ID_SECRET,
  TOKEN_KEYS: settings.TOKEN_KEYS,
  ADMIN_KEYS: Type.String({
    default: "",
    description:
      "name:scopes:sha256, one a line or separated by commas, as `pnpm keys create` makes them; scopes joined by +",
  }),
  EVENT_PARTITIONS: settings.EVENT_PARTITIONS,
  TOPIC_PREFIX: settings.TOPIC_PREFIX,
  RATE_LIMIT: Type.String({
    default: "on",
    like: "on, off, or limits such as client=120/60",
    description: "requests/seconds, where they are to be others than the usual; off for load tests only",
  }),
  TRUST_PROXY: Type.String({
    default: "none",
    like: "none, a number of proxies, or their addresses or CIDRs (or loopback), separated by commas",
    description:
      "whose word about a client's address is taken; a number only where nobody reaches the gateway past them",
  }),
  MAX_STREAMS: Type.Integer({
    minimum: 0,
    maximum: 1_000_000,
    default: 10_000,
    description: "event streams that may be open at once, each a connection; 0 for none",
  }),
  MAX_STREAMS_PER_CLIENT: Type.Integer({
    minimum: 1,
    maximum: 1_000_000,
    default: 100,
    description: "the same of one IPv4 address or IPv6 /64; an IPv6 /48 has 20 times as many",
  }),
  MAX_STREAMS_PER_ENTRY: Type.Integer({
    minimum: 1,
    maximum: 1_000_000,
    default: 10,
    description: "the same with tokens of one kind of one entry",
  }),
  MAX_CONNECTIONS_PER_CLIENT: Type.Integer({
    minimum: 1,
    maximum: 1_000_000,
    default: 1000,
    description:
      "at once, of one IPv4 address or IPv6 /64, but not of trusted proxies and the machine itself; an IPv6 /48 has 4 times as many",
  }),
  LOG_LEVEL: settings.LOG_LEVEL,
  OTEL_EXPORTER_OTLP_ENDPOINT: settings.OTEL_EXPORTER_OTLP_ENDPOINT,
});
export type GatewayConfig = Static<typeof GatewayConfig>;
