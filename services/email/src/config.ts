import { type Static, Type } from "@sinclair/typebox";
import { settings } from "@waitlist/runtime";

export const Config = Type.Object({
  PORT: settings.port(8082),
  HOST: settings.HOST,
  KAFKA_BROKERS: settings.KAFKA_BROKERS,
  MONGODB_URL: settings.MONGODB_URL,
  SMTP_URL: settings.SMTP_URL,
  PUBLIC_URL: settings.PUBLIC_URL,
  ENTRY_ID_SECRET: settings.ENTRY_ID_SECRET,
  TOKEN_KEYS: settings.TOKEN_KEYS,
  INTERNAL_TOKEN: settings.INTERNAL_TOKEN,
  EVENT_PARTITIONS: settings.EVENT_PARTITIONS,
  TOPIC_PREFIX: settings.TOPIC_PREFIX,
  LOG_LEVEL: settings.LOG_LEVEL,
  MAIL_FROM: Type.String({
    pattern: "^([^<>\\r\\n]*<[^<>\\s@]+@[^<>\\s@]+>|[^<>\\s@]+@[^<>\\s@]+)$",
    default: "waitlist@localhost",
    description:
      "an address, or `Name <address>`, for lists that name none; without a name, the list's is shown",
  }),
  SMTP_CONNECTIONS: Type.Integer({ minimum: 1, maximum: 100, default: 4, description: "at the same time" }),
  MAIL_LEASE_MS: Type.Integer({
    minimum: 1000,
    maximum: 3_600_000,
    default: 15_000,
    description: "how long a sender holds a mail that it hasn't begun to send; another takes it up then",
  }),
  MAIL_MAX_ATTEMPTS: Type.Integer({
    minimum: 1,
    maximum: 100,
    default: 12,
    description: "temporary failures after which a mail counts as failed; outages of the server don't count",
  }),
  MAIL_RETRY_BASE_MS: Type.Integer({
    minimum: 1,
    maximum: 3_600_000,
    default: 5000,
    description: "upper end of the first delay; it doubles with each failure, up to an hour",
  }),
});
export type Config = Static<typeof Config>;
