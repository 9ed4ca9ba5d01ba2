import { setTimeout as wait } from "node:timers/promises";

export interface Patience {
  firstMs: number;
  maxMs: number;
}

/** Waits out failure number `count` (from 1): exponential, full jitter. Returns early, without error, at an abort. */
export async function waitAfterFailure(
  count: number,
  { firstMs, maxMs }: Patience,
  signal: AbortSignal,
): Promise<void> {
  const ms = Math.random() * Math.min(maxMs, firstMs * 2 ** Math.min(count, 20));
  await wait(ms, undefined, { signal }).catch(() => undefined);
}
