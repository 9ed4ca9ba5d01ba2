// Every check of an installation, in the order in which its faults explain each other.
import { Type } from "@sinclair/typebox";
import { Config as EmailConfig } from "@waitlist/email/config";
import { DATABASE as EMAIL } from "@waitlist/email/database";
import { diagnose } from "@waitlist/email/doctor/diagnose";
import { GatewayConfig } from "@waitlist/gateway/config";
import { DATABASE as INVITE } from "@waitlist/invite/database";
import { about, type Finding } from "@waitlist/runtime";
import { Config as StorageConfig } from "@waitlist/storage/config";
import { DATABASE as STORAGE } from "@waitlist/storage/database";
import { checkKafka } from "./checks/kafka.ts";
import { checkKeys } from "./checks/keys.ts";
import { checkMongodb } from "./checks/mongodb.ts";
import { checkRedis } from "./checks/redis.ts";
import { checkServices } from "./checks/services.ts";
import { checkSettings, withSettings } from "./checks/settings.ts";
import type { Installation } from "./installation.ts";

export const DATABASES = [STORAGE, EMAIL, INVITE];

const KEYS = ["ADMIN_KEYS", "ENTRY_ID_SECRET", "TOKEN_KEYS", "INTERNAL_TOKEN"] as const;
const KafkaPart = Type.Pick(GatewayConfig, ["KAFKA_BROKERS", "EVENT_PARTITIONS", "TOPIC_PREFIX"]);
const MongoPart = Type.Pick(StorageConfig, ["MONGODB_URL", "ENTRY_ID_SECRET", "EVENT_PARTITIONS"]);
const RedisPart = Type.Pick(GatewayConfig, ["REDIS_URL"]);
const ServicesPart = Type.Pick(GatewayConfig, ["STORAGE_URL", "EMAIL_URL", "INVITE_URL", "INTERNAL_TOKEN"]);
const MailPart = Type.Pick(EmailConfig, ["PUBLIC_URL", "MAIL_TRANSPORT", "SMTP_URL"]);

/** Looks at everything; only reads. */
export async function examine(
  { env, gateway, adminKey, hasMailbox }: Installation,
  databases = DATABASES,
): Promise<Finding[]> {
  const parts = await Promise.all([
    checkSettings(env),
    withSettings("Keys", Type.Pick(GatewayConfig, KEYS), env, (keys) => checkKeys(keys, adminKey !== null)),
    withSettings("Kafka", KafkaPart, env, checkKafka),
    withSettings("MongoDB", MongoPart, env, (config) => checkMongodb(config, databases)),
    withSettings("Redis", RedisPart, env, checkRedis),
    withSettings("Services", ServicesPart, env, (config) =>
      gateway
        ? checkServices(config, { url: gateway, adminKey })
        : [about("Services").open("PUBLIC_URL isn't set.")],
    ),
    withSettings("Mail", MailPart, env, () => checkMail(env, hasMailbox)),
  ]);
  return parts.flat();
}

/** The mailbox of a `start` delivers to nobody: what DNS says of its senders is no fault there. */
async function checkMail(env: NodeJS.ProcessEnv, hasMailbox: boolean): Promise<Finding[]> {
  const findings = await diagnose(env);
  if (!hasMailbox) return findings;
  const server = findings.filter(
    ({ about: subject, state }) => subject.startsWith("SMTP at ") && state !== "note",
  );
  const says =
    "mails stay in the mailbox of this start. mail:doctor looks at what they need to arrive elsewhere.";
  return [...server, about("Mail").note(says)];
}
