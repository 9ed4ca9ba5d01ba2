import { type Static, Type } from "@sinclair/typebox";
import { httpUrl, settings } from "@waitlist/runtime";

/** An address, in any form that may be sent to. */
const ADDRESS = "^[^<>\\s@]+@[^<>\\s@]+$";

export const Config = Type.Object({
  PORT: settings.port(8082),
  HOST: settings.HOST,
  KAFKA_BROKERS: settings.KAFKA_BROKERS,
  MONGODB_URL: settings.MONGODB_URL,
  MAIL_TRANSPORT: Type.Union([Type.Literal("smtp"), Type.Literal("ses")], {
    default: "smtp",
    description:
      "smtp, by SMTP_URL; ses, by SES_REGION and the credentials that AWS's own variables or roles give",
  }),
  SMTP_URL: Type.Optional({
    ...settings.SMTP_URL,
    description: "the mail server; must be given where mails go by SMTP",
  }),
  SES_REGION: Type.Optional(
    Type.String({
      pattern: "^[a-z]{2}(-[a-z]+)+-[0-9]+$",
      like: "a region such as eu-central-1",
      description: "must be given where mails go by SES",
    }),
  ),
  SES_ENDPOINT: Type.Optional(httpUrl("another address of SES's API, such as a VPC's")),
  PUBLIC_URL: settings.PUBLIC_URL,
  ENTRY_ID_SECRET: settings.ENTRY_ID_SECRET,
  TOKEN_KEYS: settings.TOKEN_KEYS,
  INTERNAL_TOKEN: settings.INTERNAL_TOKEN,
  EVENT_PARTITIONS: settings.EVENT_PARTITIONS,
  TOPIC_PREFIX: settings.TOPIC_PREFIX,
  LOG_LEVEL: settings.LOG_LEVEL,
  OTEL_EXPORTER_OTLP_ENDPOINT: settings.OTEL_EXPORTER_OTLP_ENDPOINT,
  MAIL_FROM: Type.String({
    pattern: "^([^<>\\r\\n]*<[^<>\\s@]+@[^<>\\s@]+>|[^<>\\s@]+@[^<>\\s@]+)$",
    default: "waitlist@localhost",
    like: "an address, or Name <address>",
    description: "the sender of lists that name none; without a name, the list's is shown",
  }),
  MAIL_RETURN_PATH: Type.Optional(
    Type.String({
      pattern: ADDRESS,
      like: "an address",
      description: "where delivery reports go; without it, each list's From address",
    }),
  ),
  DKIM_DOMAIN: Type.String({
    default: "",
    description: "signs mails, with the two below; the From addresses' domain",
  }),
  DKIM_SELECTOR: Type.String({
    default: "",
    description: "the public key stands at <selector>._domainkey.<domain>",
  }),
  DKIM_PRIVATE_KEY: Type.String({
    default: "",
    like: "an RSA key in PEM",
    secret: true,
    description: "the key whose public half stands in DNS",
  }),
  SMTP_CONNECTIONS: Type.Integer({
    minimum: 1,
    maximum: 100,
    default: 4,
    description: "connections to the mail server, or calls of SES, at the same time",
  }),
  SMTP_MESSAGES_PER_CONNECTION: Type.Integer({
    minimum: 1,
    maximum: 1_000_000,
    default: 100,
    description: "a connection is closed after so many",
  }),
  SMTP_RATE: Type.Number({
    minimum: 0,
    maximum: 10_000,
    default: 0,
    unit: "mails/s",
    description: "mails a second of this instance, at most, beside test mails; 0 for no limit",
  }),
  MAIL_LEASE_MS: Type.Integer({
    minimum: 1000,
    maximum: 3_600_000,
    default: 15_000,
    unit: "ms",
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
    unit: "ms",
    description: "upper end of the first delay; it doubles with each failure, up to an hour",
  }),
});
export type Config = Static<typeof Config>;
