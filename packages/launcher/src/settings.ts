import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { Type } from "@sinclair/typebox";
import { type BackingMode, IMAGES } from "@waitlist/backing";
import { readConfig, settings } from "@waitlist/runtime";

/** An image of one of the backing services, where they run in containers. */
const image = (of: string, usual: string) =>
  Type.String({ minLength: 1, default: usual, description: `the image that ${of} runs from, in containers` });

const own = (what: string) => ({ description: `${what} of your own instead of ours` });

/** What `start` and `demo` read themselves; the services get everything else of the environment as it is. */
export const LauncherConfig = Type.Object({
  PORT: Type.Optional(
    Type.Integer({
      minimum: 1,
      maximum: 65_535,
      description: "the gateway's; 8080, or a free one, without it",
    }),
  ),
  WAITLIST_HOME: Type.String({
    default: ".waitlist",
    description: "the folder of data, logs, secrets and endpoints.json",
  }),
  WAITLIST_BACKING: Type.Union([Type.Literal("auto"), Type.Literal("containers"), Type.Literal("embedded")], {
    default: "auto",
    description:
      "where Kafka, MongoDB and Redis come from; auto: containers where an engine answers. The first start's choice is kept",
  }),
  KAFKA_BROKERS: Type.Optional({ ...settings.KAFKA_BROKERS, ...own("brokers") }),
  MONGODB_URL: Type.Optional({ ...settings.MONGODB_URL, ...own("a database") }),
  REDIS_URL: Type.Optional({ ...settings.REDIS_URL, ...own("a Redis") }),
  SMTP_URL: Type.Optional({ ...settings.SMTP_URL, ...own("a mail server") }),
  PUBLIC_URL: Type.Optional({
    ...settings.PUBLIC_URL,
    description: "the gateway, as people reach it; http://localhost with its port, without it",
  }),
  ADMIN_KEYS: Type.Optional(Type.String({ description: "more keys than that of this start" })),
  KAFKA_IMAGE: image("Kafka", IMAGES.kafka),
  MONGO_IMAGE: image("MongoDB", IMAGES.mongodb),
  REDIS_IMAGE: image("Redis", IMAGES.redis),
});

/** What `lag` reads: whom to ask, where it isn't the installation in `WAITLIST_HOME`. */
export const LagConfig = Type.Object({
  WAITLIST_HOME: LauncherConfig.properties.WAITLIST_HOME,
  GATEWAY_URL: Type.Optional({
    ...settings.PUBLIC_URL,
    description: "the gateway to ask; without it that of the installation in WAITLIST_HOME",
  }),
  ADMIN_KEY: Type.Optional(
    Type.String({
      secret: true,
      description: "an admin key with the scope ops; without it that of the installation in WAITLIST_HOME",
    }),
  ),
});

/** A sentence for whoever typed the command; shown without a stack. */
export class UsageError extends Error {
  override name = "UsageError";
}

export interface LauncherSettings {
  home: string;
  mode: BackingMode;
  port: number | undefined;
  fresh: boolean;
}

/** Reads the settings and `--fresh`. Throws `UsageError`, or `ConfigError` with everything that is wrong. */
export function readLauncherSettings(args: string[], env: NodeJS.ProcessEnv): LauncherSettings {
  const fresh = readFresh(args);
  const { WAITLIST_HOME, WAITLIST_BACKING: mode, PORT: port } = readConfig(LauncherConfig, env);
  return { home: resolve(WAITLIST_HOME), mode, port, fresh };
}

function readFresh(args: string[]): boolean {
  try {
    return parseArgs({ args, options: { fresh: { type: "boolean", default: false } } }).values.fresh;
  } catch (cause) {
    throw new UsageError("The only option is --fresh: it forgets the data in WAITLIST_HOME.", { cause });
  }
}
