// Looks after what other senders left behind: mails whose lease ran out, and mails that nobody has in memory.
import { setTimeout as wait } from "node:timers/promises";
import type { Logger } from "@waitlist/runtime";
import type { MailLedger } from "../ports.ts";
import type { IdQueue } from "./id-queue.ts";
import type { MailMetrics } from "./metrics.ts";

/** A look takes a scan where the database has no secondary indexes: at most this part of the time goes into it. */
const SHARE_OF_TIME = 1 / 50;

/** Runs until the stop; an outage of the database only delays the next look. */
export async function keepLeases(deps: {
  ledger: Pick<MailLedger, "recover">;
  queue: Pick<IdQueue, "suspectMore">;
  metrics: MailMetrics;
  leaseMs: number;
  clock: () => number;
  log: Pick<Logger, "warn" | "debug">;
  stop: AbortSignal;
}): Promise<void> {
  const { ledger, queue, metrics, leaseMs, clock, log, stop } = deps;

  async function look(): Promise<void> {
    const recovered = await ledger.recover();
    for (const { id, kind, state } of recovered) {
      metrics.count(kind, state === "ambiguous" ? "ambiguous" : "retried");
      if (state === "ambiguous") {
        log.warn({ mail: id }, "a mail was on its way when its sender ended: it may have arrived");
      }
    }
    queue.suspectMore();
  }

  while (!stop.aborted) {
    const began = clock();
    await look().catch((err: unknown) => log.debug({ err }, "leases could not be looked at"));
    const pause = Math.max(leaseMs, (clock() - began) / SHARE_OF_TIME);
    // The stop ends the pause early; that is no failure.
    await wait(pause, undefined, { signal: stop }).catch(() => undefined);
  }
}
