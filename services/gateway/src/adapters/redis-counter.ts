import type { RedisConnection } from "@waitlist/redis";
import { RateLimiterRedis } from "rate-limiter-flexible";
import type { SharedCounter } from "../limits/limits.ts";
import { createLocalCounter } from "../limits/local-counter.ts";
import type { PolicyName, RateLimits } from "../limits/settings.ts";
import type { OutageWatch } from "./outage-watch.ts";

/**
 * Counts in Redis for all gateways together, and by the same limits in this process alone while Redis is away: signups go
 * on. The limiter's own `insuranceLimiter` would do the same, but ask Redis for every request of an outage, and not say
 * that it was used.
 */
export function createRedisCounter(
  { client }: Pick<RedisConnection, "client">,
  watch: OutageWatch,
  limits: RateLimits,
): SharedCounter {
  const local = createLocalCounter(limits);
  const limiters = Object.fromEntries(
    Object.values(limits.policies).map(({ name, requests, seconds }) => [
      name,
      // The key's id begins with the policy's name.
      new RateLimiterRedis({
        storeClient: client,
        keyPrefix: "waitlist:limit",
        points: requests,
        duration: seconds,
      }),
    ]),
  ) as Record<PolicyName, RateLimiterRedis>;

  return async (use, n) => {
    if (!watch.here()) return { ...(await local(use, n)), local: true };
    try {
      // A penalty counts without judging: of several requests counted together some may still be allowed.
      const { consumedPoints, msBeforeNext } = await limiters[use.policy.name].penalty(use.id, n);
      return { used: consumedPoints, resetMs: msBeforeNext, local: false };
    } catch (error) {
      watch.failed(error);
      return { ...(await local(use, n)), local: true };
    }
  };
}
