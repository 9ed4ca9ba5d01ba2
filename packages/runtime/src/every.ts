import { setTimeout as wait } from "node:timers/promises";
import type { Logger } from "./logger.ts";

export interface Repetition {
  /** Begins nothing more, and resolves when what is under way has come to its end. */
  stop(): Promise<void>;
}

/** An outage is looked at often at first, then less and less, but never less often than this, in milliseconds. */
const BACKOFF = { firstMs: 200, maxMs: 30_000 };

/**
 * Does `work` again and again, the first time at once: `intervalMs` after it was done, or after as long as it took
 * where that is more, so that the rest of the service gets its share. `work` gets a signal that is given at the stop. What
 * it throws is an outage: logged when it begins and when it is over, and tried again with exponential backoff and full jitter.
 */
export function every(
  intervalMs: number,
  work: (stop: AbortSignal) => Promise<void>,
  { what, log }: { what: string; log: Pick<Logger, "info" | "warn" | "debug"> },
): Repetition {
  const stopping = new AbortController();
  const stop = stopping.signal;
  let failures = 0;

  /** Returns how long to wait for the next time. */
  async function once(): Promise<number> {
    const began = performance.now();
    try {
      await work(stop);
      if (failures > 0) log.info(`${what}: goes on`);
      failures = 0;
      return Math.max(intervalMs, performance.now() - began);
    } catch (err) {
      failures += 1;
      if (failures > 1) log.debug({ err }, `${what}: still failing`);
      else log.warn({ err }, `${what}: failed; trying again`);
      return Math.random() * Math.min(BACKOFF.maxMs, BACKOFF.firstMs * 2 ** Math.min(failures, 20));
    }
  }

  async function repeat(): Promise<void> {
    while (!stop.aborted) {
      const pauseMs = await once();
      // The stop ends the pause early; that is no failure.
      await wait(pauseMs, undefined, { signal: stop }).catch(() => undefined);
    }
  }

  const running = repeat();
  return {
    stop: async () => {
      stopping.abort();
      await running;
    },
  };
}
