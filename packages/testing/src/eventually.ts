import { setTimeout as wait } from "node:timers/promises";

const POLL_MS = 50;

/**
 * Runs `check` until it no longer throws, and returns what it returns; after `timeoutMs` the last error is thrown.
 * Tests poll with this and never sleep.
 */
export async function eventually<T>(check: () => T | Promise<T>, timeoutMs = 20_000): Promise<T> {
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    try {
      return await check();
    } catch (error) {
      if (performance.now() > deadline) throw error;
    }
    await wait(POLL_MS);
  }
}
