// What the audit has to know: from the environment, as the services read it, or from the home of a running installation.
import { readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { CannotAudit } from "./cannot-audit.ts";

export const USAGE = `Usage: pnpm audit:order [waitlistId] [--wait seconds] [--json]

  waitlistId   only this list; without it, all of them
  --wait       how long to wait for services that are behind the log (default 30)
  --json       the result for machines

It reads KAFKA_BROKERS, MONGODB_URL, ENTRY_ID_SECRET (or ENTRY_ID_SECRET_FILE), EVENT_PARTITIONS and TOPIC_PREFIX; what
isn't set is taken from the installation in WAITLIST_HOME (default .waitlist).
It ends with 0 where all agree, 1 where something differs and 2 where it could not be done.
`;

export interface Config {
  brokers: string;
  mongodb: string;
  secret: string;
  /** Null: as the databases recorded it. */
  partitions: number | null;
  topicPrefix: string;
}

export interface Request {
  waitlistId?: string;
  waitMs: number;
  json: boolean;
  help: boolean;
}

const WAITLIST_ID = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;
const DEFAULT_WAIT = "30";

/** Reads the command line. Throws `CannotAudit`. */
export function readRequest(args: string[]): Request {
  const { values, positionals } = parse(args);
  const [waitlistId, ...more] = positionals;
  if (more.length > 0) throw new CannotAudit(`One list at a time, please.\n\n${USAGE}`);
  if (waitlistId !== undefined && !WAITLIST_ID.test(waitlistId)) {
    throw new CannotAudit("A list's name is lower-case letters, digits and inner hyphens.");
  }
  const seconds = Number(values.wait);
  if (!(seconds >= 0 && seconds <= 3600)) throw new CannotAudit("--wait is a number of seconds up to 3600.");
  const { json, help } = values;
  return { ...(waitlistId === undefined ? {} : { waitlistId }), waitMs: seconds * 1000, json, help };
}

function parse(args: string[]) {
  try {
    return parseArgs({
      args,
      allowPositionals: true,
      options: {
        wait: { type: "string", default: DEFAULT_WAIT },
        json: { type: "boolean", default: false },
        help: { type: "boolean", short: "h", default: false },
      },
    });
  } catch (cause) {
    throw new CannotAudit(`There is no such option.\n\n${USAGE}`, { cause });
  }
}

/** Throws `CannotAudit` where something is missing; the message names settings, never their values. */
export async function readConfig(env: NodeJS.ProcessEnv): Promise<Config> {
  const home = resolve(env.WAITLIST_HOME ?? ".waitlist");
  const endpoints = await readHome(home, "endpoints.json");
  const secrets = await readHome(home, "secrets.json");
  const need = (name: string, value: string | undefined): string => {
    if (value) return value;
    throw new CannotAudit(
      `${name} isn't set, and no installation runs in WAITLIST_HOME (${home}): start one, or set KAFKA_BROKERS, MONGODB_URL and ENTRY_ID_SECRET.`,
    );
  };
  return {
    brokers: need("KAFKA_BROKERS", env.KAFKA_BROKERS || endpoints.kafka),
    mongodb: need("MONGODB_URL", env.MONGODB_URL || endpoints.mongodb),
    secret: need("ENTRY_ID_SECRET", (await readSecret(env)) || secrets.ENTRY_ID_SECRET),
    partitions: readPartitions(env.EVENT_PARTITIONS),
    topicPrefix: env.TOPIC_PREFIX ?? "",
  };
}

function readPartitions(text: string | undefined): number | null {
  if (!text) return null;
  const partitions = Number(text);
  if (Number.isInteger(partitions) && partitions >= 1 && partitions <= 1000) return partitions;
  throw new CannotAudit("EVENT_PARTITIONS must be a whole number from 1 to 1000.");
}

async function readSecret(env: NodeJS.ProcessEnv): Promise<string | undefined> {
  const file = env.ENTRY_ID_SECRET_FILE;
  if (env.ENTRY_ID_SECRET || !file) return env.ENTRY_ID_SECRET;
  return readFile(file, "utf8").then(
    (text) => text.trim(),
    (cause: unknown) => {
      throw new CannotAudit("ENTRY_ID_SECRET_FILE names a file that can't be read.", { cause });
    },
  );
}

/** A file of texts in the home; empty where there is none. */
async function readHome(home: string, name: string): Promise<Record<string, string | undefined>> {
  try {
    return JSON.parse(await readFile(join(home, name), "utf8"));
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === "ENOENT") return {};
    throw new CannotAudit(`${name} in WAITLIST_HOME (${home}) can't be read.`, { cause });
  }
}
