// From "this command is a Redis" to a supervised process of this home.
import { join } from "node:path";
import { StartFailed } from "./errors.ts";
import { isFree } from "./ports.ts";
import { supervise } from "./process/supervise.ts";
import type { BackingName, BackingUrls, OnEvent, SupervisedProcess } from "./types.ts";

/** What an embedded or local service needs to know of its home. */
export interface LaunchContext {
  home: string;
  env: NodeJS.ProcessEnv;
  /** The port that this purpose had at the last start, or the usual one, or a free one. */
  port(purpose: string, usual: number): Promise<number>;
}

export interface Launch {
  name: BackingName;
  command: string;
  args: string[];
  env?: Record<string, string>;
  cwd?: string;
  ports: number[];
  urls: Partial<BackingUrls>;
  ready: () => Promise<boolean>;
}

export interface Launched {
  process: SupervisedProcess;
  urls: Partial<BackingUrls>;
}

const ATTEMPTS = 3;

/**
 * Starts what `plan` says. Somebody else may take a port between our look and the process's bind: then it is planned
 * again, with other ports.
 */
export async function launch(
  context: LaunchContext,
  plan: () => Promise<Launch>,
  onEvent: OnEvent,
): Promise<Launched> {
  for (let attempt = 1; ; attempt++) {
    const { name, ports, urls, ...what } = await plan();
    try {
      const process = await supervise({
        ...what,
        name,
        env: { ...(context.env as Record<string, string>), ...what.env },
        logFile: join(context.home, "logs", `${name}.log`),
        pidFile: join(context.home, "run", `${name}.pid`),
        restart: true,
        onEvent,
      });
      return { process, urls };
    } catch (error) {
      const free = await Promise.all(ports.map(isFree));
      if (!(error instanceof StartFailed) || free.every(Boolean) || attempt === ATTEMPTS) throw error;
      onEvent({ name, kind: "progress", message: `another process took a port of ${name}; trying others` });
    }
  }
}
