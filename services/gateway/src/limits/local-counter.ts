import { LRUCache } from "lru-cache";
import { RateLimiterMemory } from "rate-limiter-flexible";
import type { Counter } from "./coalescer.ts";
import type { PolicyName, RateLimits } from "./settings.ts";

/** Keys of one policy that are counted at once; beyond that the one asked for longest ago starts anew. */
const MAX_KEYS = 50_000;

/** Counts in this process's memory: what holds while Redis is away. */
export function createLocalCounter({ policies }: RateLimits, maxKeys = MAX_KEYS): Counter {
  const limiters = Object.fromEntries(
    Object.values(policies).map((policy) => {
      const { requests: points, seconds: duration } = policy;
      const limiter = new RateLimiterMemory({ points, duration, keyPrefix: "" });
      // The limiter itself forgets a key only when its window ends: a flood of addresses must not fill the memory.
      const keys = new LRUCache<string, true>({
        max: maxKeys,
        dispose: (_value, id, reason) => {
          if (reason !== "set") void limiter.delete(id);
        },
      });
      return [policy.name, { limiter, keys }];
    }),
  ) as Record<PolicyName, { limiter: RateLimiterMemory; keys: LRUCache<string, true> }>;

  return async ({ policy, id }, n) => {
    const { limiter, keys } = limiters[policy.name];
    keys.set(id, true);
    // A penalty counts without judging: of several requests counted together some may still be allowed.
    const { consumedPoints, msBeforeNext } = await limiter.penalty(id, n);
    return { used: consumedPoints, resetMs: msBeforeNext };
  };
}
