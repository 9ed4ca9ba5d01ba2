// Which installation is looked at: that of the environment, as the services read it, or the one in WAITLIST_HOME.
import { readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { readSetting } from "@waitlist/runtime";

/** A sentence for whoever typed the command. */
export class CannotLook extends Error {
  override name = "CannotLook";
}

export interface Installation {
  /** The settings of all services, whoever reads them. */
  env: NodeJS.ProcessEnv;
  /** Where the gateway is asked. */
  gateway: string | undefined;
  /** The key of a `start`; null where the settings are one's own. */
  adminKey: string | null;
  /** Mails go to the mailbox that `start` brings along. */
  hasMailbox: boolean;
}

const OWN = ["KAFKA_BROKERS", "MONGODB_URL", "REDIS_URL"] as const;

/**
 * Where the three addresses of one's own are given, nothing else is read. Otherwise what isn't set is taken from
 * `endpoints.json` and `secrets.json` of WAITLIST_HOME. Throws `CannotLook` where there is neither.
 */
export async function readInstallation(env: NodeJS.ProcessEnv): Promise<Installation> {
  if (OWN.every((name) => env[name] || env[`${name}_FILE`])) {
    return { env, gateway: readSetting("PUBLIC_URL", env), adminKey: null, hasMailbox: false };
  }
  const home = resolve(env.WAITLIST_HOME ?? ".waitlist");
  const endpoints = await readHome(home, "endpoints.json");
  const secrets = await readHome(home, "secrets.json");
  if (!endpoints || !secrets) {
    throw new CannotLook(
      `${OWN.join(", ")} aren't all set, and no installation was started in WAITLIST_HOME (${home}).`,
    );
  }
  const { gateway, adminKey, mailbox, services } = endpoints as unknown as Endpoints;
  const found: Record<string, string> = {
    ...(secrets as Record<string, string>),
    ...{ KAFKA_BROKERS: endpoints.kafka as string, MONGODB_URL: endpoints.mongodb as string },
    ...{ REDIS_URL: endpoints.redis as string, SMTP_URL: mailbox.smtp, PUBLIC_URL: gateway },
    ...{ STORAGE_URL: services.storage, EMAIL_URL: services.email, INVITE_URL: services.invite },
  };
  // A start has secrets of its own, whatever the environment says; everything else of it counts.
  const own = Object.entries(env).filter(([name, value]) => value && !(name in secrets));
  return {
    env: { ...found, ...Object.fromEntries(own) },
    gateway,
    adminKey,
    hasMailbox: mailbox.web !== null,
  };
}

/** What is read of `endpoints.json`, which the launcher writes. */
interface Endpoints {
  gateway: string;
  adminKey: string;
  mailbox: { web: string | null; smtp: string };
  services: { storage: string; email: string; invite: string };
}

async function readHome(home: string, name: string): Promise<Record<string, unknown> | null> {
  try {
    return JSON.parse(await readFile(join(home, name), "utf8"));
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw new CannotLook(`${name} in WAITLIST_HOME (${home}) can't be read.`, { cause });
  }
}
