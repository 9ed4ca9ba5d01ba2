// What stands between the gateway and those who would misuse it, as the settings have it.
import type { Logger, Registry } from "@waitlist/runtime";
import { type Challenges, createChallenges, type Difficulty } from "./challenge/challenges.ts";
import type { SpentChallenges } from "./challenge/spent-challenges.ts";
import type { GatewayConfig } from "./config.ts";
import { createDisposableDomains, type DisposableDomains } from "./disposable-domains.ts";
import { createLimits, type Limits, noLimits, type SharedCounter } from "./limits/limits.ts";
import { parseRateLimit, type RateLimits } from "./limits/settings.ts";
import type { Clock } from "./ports.ts";

export interface Protections {
  limits: Limits;
  challenges: Challenges;
  isDisposable: DisposableDomains;
}

export interface ProtectionsDeps {
  redis: { counter(limits: RateLimits): SharedCounter; spentChallenges: SpentChallenges };
  clock: Clock;
  registry: Registry;
  log: Pick<Logger, "warn">;
  /** Of the challenges; the usual one without it. */
  difficulty?: Difficulty;
}

/** Throws `ConfigError` for a `RATE_LIMIT` that can't be read. */
export function createProtections(
  { RATE_LIMIT, ENTRY_ID_SECRET: secret }: Pick<GatewayConfig, "RATE_LIMIT" | "ENTRY_ID_SECRET">,
  { redis, clock, registry, log, ...rest }: ProtectionsDeps,
): Protections {
  const rates = parseRateLimit(RATE_LIMIT);
  if (!rates) log.warn("RATE_LIMIT is off: anybody may ask as often as they like. For load tests only.");
  return {
    limits: rates ? createLimits(rates, { count: redis.counter(rates), registry }) : noLimits,
    challenges: createChallenges({ secret, spent: redis.spentChallenges, clock, ...rest }),
    isDisposable: createDisposableDomains(),
  };
}
