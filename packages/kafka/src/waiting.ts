// Waiting, bounded: backoff between attempts, and a time limit on what may never answer.
import { setTimeout as sleep } from "node:timers/promises";

export interface BackoffLimits {
  firstMs: number;
  maxMs: number;
}

/** Exponential with full jitter: the n-th wait (from 0) is anything up to `firstMs * 2^n`, at most `maxMs`. */
export const backoffMs = (attempt: number, { firstMs, maxMs }: BackoffLimits): number =>
  Math.random() * Math.min(maxMs, firstMs * 2 ** Math.min(attempt, 30));

/** Waits, or returns early when the signal is given. */
export async function pause(ms: number, signal?: AbortSignal): Promise<void> {
  try {
    await sleep(ms, undefined, signal ? { signal } : {});
  } catch (error) {
    if (!signal?.aborted) throw error;
  }
}

/**
 * Works until it succeeds, with backoff between the attempts, which count from 0. `mayPass` is told of each failure and says
 * whether another attempt may help; where not, the failure is thrown.
 */
export async function repeated<T>(
  work: () => Promise<T>,
  mayPass: (error: unknown, attempt: number) => boolean,
  limits: BackoffLimits,
): Promise<T> {
  for (let attempt = 0; ; attempt += 1) {
    try {
      return await work();
    } catch (error) {
      if (!mayPass(error, attempt)) throw error;
    }
    await pause(backoffMs(attempt, limits));
  }
}

/** The promise's result, or an error after `ms`; the promise itself goes on, so its work must be ended by the caller. */
export async function within<T>(ms: number, what: string, promise: Promise<T>): Promise<T> {
  const timer = new AbortController();
  try {
    return await Promise.race([
      promise,
      sleep(ms, undefined, { signal: timer.signal }).then(() => {
        throw new Error(`${what} took longer than ${ms} ms`);
      }),
    ]);
  } finally {
    timer.abort();
  }
}
