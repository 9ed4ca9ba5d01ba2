import closeWithGrace from "close-with-grace";
import type { Logger } from "./logger.ts";

/** How long a graceful stop may take, in milliseconds, before the process ends anyway. */
const STOP_WITHIN_MS = 8000;

export interface Lifecycle {
  /** Runs `close` at the stop, last registered first: what is built on something ends before it. */
  onClose(what: string, close: () => Promise<unknown>): void;
  /** Ends the process in order, with exit code 1: for what must not go on (a cursor that doesn't fit the log). */
  fail(error: Error): void;
}

/**
 * A service's end: SIGINT, SIGTERM, an uncaught error or `fail` stop intake, finish what is in flight and close
 * what is open; a second signal or the time limit ends it at once.
 */
export function createLifecycle(log: Logger): Lifecycle {
  const closers: { what: string; close: () => Promise<unknown> }[] = [];
  let failed = false;
  const grace = closeWithGrace({ delay: STOP_WITHIN_MS, logger: log }, async ({ signal, err }) => {
    if (err) log.fatal({ err }, "stopping after an error");
    else log.info({ signal }, "stopping");
    for (const { what, close } of closers.reverse()) {
      await close().catch((error: unknown) => log.error({ err: error }, `closing ${what} failed`));
    }
    log.info("stopped");
    // The library itself would exit with 0.
    if (failed) process.exit(1);
  });
  return {
    onClose: (what, close) => {
      closers.push({ what, close });
    },
    fail: (error) => {
      log.fatal({ err: error }, error.message);
      failed = true;
      grace.close();
    },
  };
}
