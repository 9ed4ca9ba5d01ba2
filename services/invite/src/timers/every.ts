// Work that is done again and again until the service ends.
import { setTimeout as wait } from "node:timers/promises";

export interface Timer {
  /** Ends the pause, lets what is under way finish, and begins nothing more. */
  stop(): Promise<void>;
}

/** Does `work` every `intervalMs` milliseconds, one after the other; a failure is logged, and the next time is another one. */
export function every(
  intervalMs: number,
  work: () => Promise<void>,
  { what, log }: { what: string; log: { warn: (fields: object, message: string) => void } },
): Timer {
  const stopping = new AbortController();
  const { signal } = stopping;

  async function run(): Promise<void> {
    while (!signal.aborted) {
      await work().catch((err: unknown) => log.warn({ err }, `${what} failed; it is tried again`));
      await wait(intervalMs, undefined, { signal, ref: false }).catch((error: unknown) => {
        if (!signal.aborted) throw error;
      });
    }
  }

  const running = run();
  return {
    stop: async () => {
      stopping.abort();
      await running;
    },
  };
}
