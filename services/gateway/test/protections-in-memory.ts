// The gateway's own protections, as they hold without Redis.
import type { Logger, Registry } from "@waitlist/runtime";
import { createLocalSpentChallenges } from "../src/challenge/spent-challenges.ts";
import { createLocalCounter } from "../src/limits/local-counter.ts";
import type { Clock } from "../src/ports.ts";
import { createProtections } from "../src/protections.ts";

export interface InMemoryOptions {
  /** As in `RATE_LIMIT`. */
  rateLimit: string;
  secret: string;
  clock: Clock;
  registry: Registry;
  log: Logger;
}

/** Challenges are easy: a test solves one in some milliseconds. */
const DIFFICULTY = { cost: 10, counters: 20 };

export const protectionsInMemory = ({ rateLimit, secret, ...deps }: InMemoryOptions) =>
  createProtections(
    { RATE_LIMIT: rateLimit, ENTRY_ID_SECRET: secret },
    {
      ...deps,
      difficulty: DIFFICULTY,
      redis: {
        counter: (limits) => {
          const count = createLocalCounter(limits);
          return async (use, n) => ({ ...(await count(use, n)), local: true });
        },
        spentChallenges: createLocalSpentChallenges(),
      },
    },
  );
