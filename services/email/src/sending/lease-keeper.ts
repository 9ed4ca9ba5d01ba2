// Looks after what other senders left behind: mails whose lease ran out, and mails that nobody has in memory.
import { setTimeout as wait } from "node:timers/promises";
import type { Logger } from "@waitlist/runtime";
import type { MailLedger } from "../ports.ts";
import type { IdQueue } from "./id-queue.ts";
import type { MailMetrics } from "./metrics.ts";

/** At most this part of the time goes into looks, unless that would put one off for too long. */
const SHARE_OF_TIME = 1 / 50;
/** A mail that was left behind waits for so many leases at most. */
const LONGEST_PAUSE = 10;

/** Runs until the stop. A look that fails, for as long as that may take, is followed by another after a lease. */
export async function keepLeases(deps: {
  ledger: Pick<MailLedger, "recover">;
  queue: Pick<IdQueue, "suspectMore">;
  metrics: Pick<MailMetrics, "count">;
  leaseMs: number;
  clock: () => number;
  log: Pick<Logger, "warn" | "debug">;
  stop: AbortSignal;
}): Promise<void> {
  const { ledger, queue, metrics, leaseMs, clock, log, stop } = deps;

  /** Returns how long it took, in milliseconds. */
  async function look(): Promise<number> {
    const began = clock();
    const recovered = await ledger.recover();
    for (const { id, kind, state } of recovered) {
      metrics.count(kind, state === "ambiguous" ? "ambiguous" : "retried");
      if (state === "ambiguous") {
        log.warn({ mail: id }, "a mail was on its way when its sender ended: it may have arrived");
      }
    }
    queue.suspectMore();
    return clock() - began;
  }

  while (!stop.aborted) {
    const took = await look().catch((err: unknown) => {
      log.debug({ err }, "leases could not be looked at");
      return 0;
    });
    const pause = Math.min(Math.max(leaseMs, took / SHARE_OF_TIME), leaseMs * LONGEST_PAUSE);
    // The stop ends the pause early; that is no failure.
    await wait(pause, undefined, { signal: stop }).catch(() => undefined);
  }
}
