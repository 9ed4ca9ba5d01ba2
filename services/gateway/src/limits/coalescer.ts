// Counts requests together: all of one tick that count for the same key are one call.

import type { Policy } from "./settings.ts";

/** What one request counts for: one of a policy's keys. `id` is the key with the policy's name, and no address. */
export interface Use {
  policy: Policy;
  id: string;
}

/** A key's count after a call. */
export interface Count {
  /** All that was counted in the present window, this call included. */
  used: number;
  /** Until the window ends, in milliseconds. */
  resetMs: number;
}

/** Counts `n` more for a key. */
export type Counter = (use: Use, n: number) => Promise<Count>;

/** How one request stands with one policy. */
export interface Standing {
  policy: Policy;
  allowed: boolean;
  /** What is left of the window's requests after this one. */
  remaining: number;
  resetMs: number;
}

interface Tally {
  use: Use;
  n: number;
}

interface Waiting {
  /** The tallies that this request counts for, and which of each one's requests it is, from 1. */
  shares: { tally: Tally; rank: number }[];
  resolve(standings: Standing[]): void;
  reject(error: unknown): void;
}

/** So many wait for one call at most: then it goes out before the tick ends. */
const MAX_WAITING = 1000;

export interface Coalescer {
  /**
   * Counts one request for each of its keys. Of those that one call counts together, the first to ask are the first to
   * be allowed, as if each had been counted alone. Rejects where the counter does.
   */
  take(uses: readonly Use[]): Promise<Standing[]>;
}

/** `defer` runs the calls once the requests at hand have asked. */
export function createCoalescer(
  count: Counter,
  defer: (flush: () => void) => void = setImmediate,
): Coalescer {
  let waiting: Waiting[] = [];
  let tallies = new Map<string, Tally>();

  const flush = () => {
    if (waiting.length === 0) return;
    const batch = { waiting, tallies: [...tallies.values()] };
    waiting = [];
    tallies = new Map();
    void settle(count, batch.waiting, batch.tallies);
  };

  const shareOf = (use: Use) => {
    const tally = tallies.get(use.id) ?? { use, n: 0 };
    tallies.set(use.id, tally);
    tally.n += 1;
    return { tally, rank: tally.n };
  };

  return {
    take: (uses) =>
      new Promise((resolve, reject) => {
        waiting.push({ shares: uses.map(shareOf), resolve, reject });
        if (waiting.length === 1) defer(flush);
        else if (waiting.length >= MAX_WAITING) flush();
      }),
  };
}

/** Answers every request of a batch; one key's failure is only that of the requests that count for it. */
async function settle(count: Counter, waiting: readonly Waiting[], tallies: readonly Tally[]): Promise<void> {
  const counts = await Promise.allSettled(tallies.map(async ({ use, n }) => count(use, n)));
  const results = new Map(tallies.map((tally, index) => [tally, counts[index]]));
  for (const { shares, resolve, reject } of waiting) {
    const standings: Standing[] = [];
    for (const { tally, rank } of shares) {
      const result = results.get(tally);
      if (result?.status === "fulfilled") standings.push(standingOf(tally, rank, result.value));
      else reject(result?.reason);
    }
    // After a rejection this does nothing.
    resolve(standings);
  }
}

function standingOf({ use: { policy }, n }: Tally, rank: number, { used, resetMs }: Count): Standing {
  const place = used - n + rank;
  return {
    policy,
    allowed: place <= policy.requests,
    remaining: Math.max(0, policy.requests - place),
    resetMs,
  };
}
