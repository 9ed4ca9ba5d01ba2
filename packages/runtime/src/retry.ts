import { setTimeout as wait } from "node:timers/promises";
import type { Logger } from "./logger.ts";

const FIRST_MS = 200;
const MAX_MS = 5000;

/**
 * Runs `task` until it succeeds, with exponential backoff and full jitter between 0 and 5 s: an outage at the start
 * is an outage like any other. An error that `isFatal` names is thrown on.
 */
export async function untilItWorks<T>(
  what: string,
  task: () => Promise<T>,
  { log, isFatal }: { log: Logger; isFatal: (error: unknown) => boolean },
): Promise<T> {
  for (let ceiling = FIRST_MS; ; ceiling = Math.min(ceiling * 2, MAX_MS)) {
    try {
      return await task();
    } catch (err) {
      if (isFatal(err)) throw err;
      log.warn({ err }, `${what} is not there yet; trying again`);
    }
    await wait(Math.random() * ceiling);
  }
}
