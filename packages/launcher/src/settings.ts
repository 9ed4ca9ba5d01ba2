import { resolve } from "node:path";
import { parseArgs } from "node:util";
import type { BackingMode } from "@waitlist/backing";

const MODES: readonly BackingMode[] = ["auto", "containers", "embedded"];

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

/** Reads `WAITLIST_HOME`, `WAITLIST_BACKING`, `PORT` and `--fresh`. Throws `UsageError`. */
export function readLauncherSettings(args: string[], env: NodeJS.ProcessEnv): LauncherSettings {
  const mode = MODES.find((known) => known === (env.WAITLIST_BACKING ?? "auto"));
  if (!mode) throw new UsageError(`WAITLIST_BACKING must be one of ${MODES.join(", ")}.`);
  const port = env.PORT ? Number(env.PORT) : undefined;
  if (port !== undefined && !(Number.isInteger(port) && port > 0 && port < 65_536)) {
    throw new UsageError("PORT must be a number from 1 to 65535.");
  }
  return { home: resolve(env.WAITLIST_HOME ?? ".waitlist"), mode, port, fresh: readFresh(args) };
}

function readFresh(args: string[]): boolean {
  try {
    return parseArgs({ args, options: { fresh: { type: "boolean", default: false } } }).values.fresh;
  } catch (cause) {
    throw new UsageError("The only option is --fresh: it forgets the data in WAITLIST_HOME.", { cause });
  }
}
