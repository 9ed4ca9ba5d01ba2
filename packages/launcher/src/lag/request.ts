// What `pnpm lag` has to know: the gateway and a key, from the environment or a running installation's home.
import { readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { readConfig } from "@waitlist/runtime";
import type { Endpoints } from "../endpoints.ts";
import { LagConfig, UsageError } from "../settings.ts";

export const USAGE = `Usage: pnpm lag [--once] [--all] [--interval seconds]

  --once       two looks, one interval apart, and the end
  --all        partitions that are up to date, too
  --interval   between two looks (default 2)

It asks the gateway at GATEWAY_URL with the key in ADMIN_KEY or ADMIN_KEY_FILE (scope ops); what isn't set is taken from the installation
in WAITLIST_HOME (default .waitlist). Ctrl-C ends it.
`;

export interface LagRequest {
  once: boolean;
  all: boolean;
  intervalMs: number;
  help: boolean;
}

/** Reads the command line. Throws `UsageError`. */
export function readLagRequest(args: string[]): LagRequest {
  const { once, all, interval, help } = parse(args);
  const seconds = Number(interval);
  if (!(seconds >= 0.5 && seconds <= 60)) throw new UsageError("--interval is a number of seconds up to 60.");
  return { once, all, intervalMs: seconds * 1000, help };
}

function parse(args: string[]) {
  try {
    return parseArgs({
      args,
      options: {
        once: { type: "boolean", default: false },
        all: { type: "boolean", default: false },
        interval: { type: "string", default: "2" },
        help: { type: "boolean", short: "h", default: false },
      },
    }).values;
  } catch (cause) {
    throw new UsageError(`There is no such option.\n\n${USAGE}`, { cause });
  }
}

/** Throws `UsageError` or `ConfigError` where it isn't known whom to ask; the message holds no key. */
export async function readGateway(env: NodeJS.ProcessEnv): Promise<{ url: string; key: string }> {
  const { WAITLIST_HOME, GATEWAY_URL, ADMIN_KEY } = readConfig(LagConfig, env);
  const home = resolve(WAITLIST_HOME);
  const endpoints = await readEndpoints(home);
  const url = GATEWAY_URL ?? endpoints.gateway;
  const key = ADMIN_KEY ?? endpoints.adminKey;
  if (url && key) return { url, key };
  throw new UsageError(
    `Nothing runs in WAITLIST_HOME (${home}): start it, or set GATEWAY_URL and ADMIN_KEY.\n\n${USAGE}`,
  );
}

async function readEndpoints(home: string): Promise<Partial<Endpoints>> {
  try {
    return JSON.parse(await readFile(join(home, "endpoints.json"), "utf8"));
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === "ENOENT") return {};
    throw new UsageError(`endpoints.json in WAITLIST_HOME (${home}) can't be read.`, { cause });
  }
}
