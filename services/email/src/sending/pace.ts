// Keeps to a provider's rate: so many mails a second, evenly spread, however many connections there are.
import { setTimeout as wait } from "node:timers/promises";

export interface Pace {
  /**
   * Gives what `take` gives, once the next mail may begin; null at the stop. Callers come in one by one: `take` is asked
   * when its mail may begin, so that nothing that it claims has to wait for the rate's sake.
   */
  next<T>(take: () => Promise<T | null>): Promise<T | null>;
}

/** Timers are this late at times, in milliseconds: so much is made up for, and so much is all that a quiet time earns. */
export const LATENESS_MS = 20;

/** `perSecond`: null for no limit. A quiet time earns no burst: what follows it comes at the same distance. */
export function createPace(perSecond: number | null, clock: () => number, stop: AbortSignal): Pace {
  if (perSecond === null) return { next: (take) => take() };
  const distance = 1000 / perSecond;
  let nextAt = Number.NEGATIVE_INFINITY;
  let queue: Promise<unknown> = Promise.resolve();

  async function turn<T>(take: () => Promise<T | null>): Promise<T | null> {
    const pause = nextAt - clock();
    if (pause > 0) await wait(pause, undefined, { signal: stop }).catch(() => undefined);
    if (stop.aborted) return null;
    const taken = await take();
    if (taken !== null) nextAt = Math.max(nextAt, clock() - LATENESS_MS) + distance;
    return taken;
  }

  return {
    next: (take) => {
      const mine = queue.then(() => turn(take));
      queue = mine.catch(() => undefined);
      return mine;
    },
  };
}

/** Claims for each connection: enough to keep it busy, few to strand. */
const CLAIMS_PER_CONNECTION = { min: 4, max: 32 };
/** At a given rate, claims are handed out within this part of their lease. */
const PART_OF_LEASE = 1 / 4;

/** How many mails are claimed at a time, at least and at most: never more than the rate lets out while the claims hold. */
export function claimsAtOnce(limits: { connections: number; perSecond: number | null; leaseMs: number }): {
  min: number;
  max: number;
} {
  const { connections, perSecond, leaseMs } = limits;
  const within =
    perSecond === null ? Number.POSITIVE_INFINITY : Math.floor((perSecond * leaseMs * PART_OF_LEASE) / 1000);
  const atMost = (count: number) => Math.max(1, Math.min(count, within));
  return {
    min: atMost(connections * CLAIMS_PER_CONNECTION.min),
    max: atMost(connections * CLAIMS_PER_CONNECTION.max),
  };
}
