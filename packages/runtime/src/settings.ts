// Settings that more than one service reads. Each service's config.ts picks what it needs. Beside what TypeBox knows, a
// setting says `like` (its form, in words), `unit` (of a number) and `secret`: the table of all settings shows them.
import { Type } from "@sinclair/typebox";
import { OTLP_ENDPOINT } from "./tracing/setting.ts";

const secret = (description: string) => Type.String({ minLength: 16, secret: true, description });

const LEVELS = ["fatal", "error", "warn", "info", "debug", "trace", "silent"] as const;

/** An address over HTTP. */
export const httpUrl = (description: string) =>
  Type.String({
    pattern: "^https?://",
    like: "an address that begins with http:// or https://",
    description,
  });

export const settings = {
  KAFKA_BROKERS: Type.String({
    minLength: 3,
    like: "host:port, separated by commas",
    description: "the brokers",
  }),
  MONGODB_URL: Type.String({
    pattern: "^mongodb(\\+srv)?://",
    like: "an address that begins with mongodb:// or mongodb+srv://",
    secret: true,
    description: "the database server; each service uses a database of its own in it",
  }),
  REDIS_URL: Type.String({
    pattern: "^rediss?://",
    like: "an address that begins with redis:// or rediss://",
    secret: true,
    description: "the read model, limits and idempotency; keep the server's maxmemory-policy at noeviction",
  }),
  SMTP_URL: Type.String({
    pattern: "^smtps?://",
    like: "an address such as smtp://user:password@host:587, or with smtps://",
    secret: true,
    description: "the mail server",
  }),
  PUBLIC_URL: httpUrl("the gateway, as people reach it"),
  ENTRY_ID_SECRET: secret(
    "makes entryIds, inviteIds and codes; never change it: the services refuse to start with another",
  ),
  TOKEN_KEYS: secret(
    "kid:secret, separated by commas; the first signs, all verify. A new one goes in front; the old ones stay",
  ),
  INTERNAL_TOKEN: secret("services show it to each other"),
  LOG_LEVEL: Type.Union(
    LEVELS.map((level) => Type.Literal(level)),
    { default: "info", description: "how much is logged" },
  ),
  OTEL_EXPORTER_OTLP_ENDPOINT: OTLP_ENDPOINT,
  HOST: Type.String({ default: "127.0.0.1", description: "the address to listen at" }),
  EVENT_PARTITIONS: Type.Integer({
    minimum: 1,
    maximum: 1000,
    default: 12,
    description:
      "partitions that histories are spread over; recorded at the first start, never changed after",
  }),
  TOPIC_PREFIX: Type.String({
    pattern: "^[a-z0-9.-]*$",
    like: "lower-case letters, digits, dots and hyphens",
    default: "",
    description: "keeps installations on one broker apart",
  }),
  /** A port of its own for each service; 0 takes a free one. */
  port: (usual: number) =>
    Type.Integer({
      ...{ minimum: 0, maximum: 65535, default: usual },
      description: "where to listen; 0 takes a free one",
    }),
};
