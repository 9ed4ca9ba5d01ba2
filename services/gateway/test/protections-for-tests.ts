// The gateway's own protections, as they hold without Redis unless a test brings one.
import type { Logger, Registry } from "@waitlist/runtime";
import { createLocalSpentChallenges } from "../src/challenge/spent-challenges.ts";
import { createLocalCounter } from "../src/limits/local-counter.ts";
import type { Clock } from "../src/ports.ts";
import { createProtections, type ProtectionsDeps } from "../src/protections.ts";

export interface ProtectionsOptions {
  /** As in `RATE_LIMIT`. */
  rateLimit: string;
  secret: string;
  clock: Clock;
  registry: Registry;
  log: Logger;
  /** A real Redis; without it, as while that is away. */
  redis?: ProtectionsDeps["redis"];
}

/** Challenges are easy: a test solves one in some milliseconds. */
const DIFFICULTY = { cost: 10, counters: 20 };

const inMemory = (): ProtectionsDeps["redis"] => ({
  counter: (limits) => {
    const count = createLocalCounter(limits);
    return async (use, n) => ({ ...(await count(use, n)), local: true });
  },
  spentChallenges: createLocalSpentChallenges(),
});

export const protectionsFor = ({ rateLimit, secret, redis = inMemory(), ...deps }: ProtectionsOptions) =>
  createProtections(
    { RATE_LIMIT: rateLimit, ENTRY_ID_SECRET: secret },
    { ...deps, redis, difficulty: DIFFICULTY },
  );
