// Waits until a batch that is on the log can be read, so that whoever follows it at once finds it.
import { setTimeout as wait } from "node:timers/promises";
import type { Logger } from "@waitlist/runtime";
import type { InviteBatches } from "./ports.ts";

const POLL_MS = 25;
/** In milliseconds. */
const PATIENCE_MS = 1000;

/** Which batch to wait for, and for how long at most. */
export interface Awaited {
  waitlistId: string;
  batchId: string;
  patienceMs?: number;
}

/**
 * Resolves within a second whatever happens: the batch is asked for, whether or not the invite service can tell of it
 * yet.
 */
export async function untilReadable(
  batches: Pick<InviteBatches, "find">,
  { waitlistId, batchId, patienceMs = PATIENCE_MS }: Awaited,
  log: Pick<Logger, "warn">,
): Promise<void> {
  const giveUp = AbortSignal.timeout(patienceMs);
  const poll = async () => {
    try {
      while (!giveUp.aborted && !(await batches.find(waitlistId, batchId))) await wait(POLL_MS);
    } catch (err) {
      log.warn({ err, batchId }, "a batch is on the log, and the invite service can't be asked about it");
    }
  };
  const outOfTime = new Promise<void>((resolve) => giveUp.addEventListener("abort", () => resolve()));
  await Promise.race([poll(), outOfTime]);
}
