import { setTimeout as sleep } from "node:timers/promises";

/** Asks every `everyMs` until the answer is yes; a rejection is a no. Answers no after `withinMs`, or when aborted. */
export async function until(
  ask: () => Promise<boolean>,
  withinMs: number,
  { everyMs = 50, signal }: { everyMs?: number; signal?: AbortSignal } = {},
): Promise<boolean> {
  const end = performance.now() + withinMs;
  while (!signal?.aborted) {
    if (await ask().catch(() => false)) return true;
    if (performance.now() + everyMs > end) return false;
    await sleep(everyMs);
  }
  return false;
}
