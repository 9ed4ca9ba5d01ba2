// Settings that more than one service reads. Each service's config.ts picks what it needs.
import { Type } from "@sinclair/typebox";

const secret = (description: string) => Type.String({ minLength: 16, description });

export const settings = {
  KAFKA_BROKERS: Type.String({ minLength: 3, description: "host:port, separated by commas" }),
  MONGODB_URL: Type.String({ pattern: "^mongodb(\\+srv)?://" }),
  REDIS_URL: Type.String({ pattern: "^rediss?://" }),
  SMTP_URL: Type.String({ pattern: "^smtps?://" }),
  PUBLIC_URL: Type.String({ pattern: "^https?://", description: "the gateway, as people reach it" }),
  ENTRY_ID_SECRET: secret("makes entryIds, inviteIds and codes; never changes for a list"),
  TOKEN_KEYS: secret("kid:secret, separated by commas; the first signs, all verify"),
  INTERNAL_TOKEN: secret("services show it to each other"),
  LOG_LEVEL: Type.String({ pattern: "^(fatal|error|warn|info|debug|trace|silent)$", default: "info" }),
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
    default: "",
    description: "keeps installations on one broker apart",
  }),
  /** A port of its own for each service; 0 takes a free one. */
  port: (usual: number) => Type.Integer({ minimum: 0, maximum: 65535, default: usual }),
};
