import { createRegistry } from "@waitlist/runtime";
import { describe, expect, it } from "vitest";
import { createLocalSpentChallenges } from "./challenge/spent-challenges.ts";
import { createProtections } from "./protections.ts";

/** What is said in the log for a `RATE_LIMIT`. */
function warningsWith(rateLimit: string): unknown[] {
  const warnings: unknown[] = [];
  createProtections(
    { RATE_LIMIT: rateLimit, ENTRY_ID_SECRET: "a secret for tests only" },
    {
      redis: {
        counter: () => async () => ({ used: 1, resetMs: 1, local: true }),
        spentChallenges: createLocalSpentChallenges(),
      },
      ...{ clock: Date.now, registry: createRegistry("test") },
      log: { warn: (...said: unknown[]) => void warnings.push(...said) },
    },
  );
  return warnings;
}

describe("RATE_LIMIT=off", () => {
  it("is said loudly in the log", () => {
    expect(warningsWith("off")).toEqual([
      "RATE_LIMIT is off: anybody may ask as often as they like. For load tests only.",
    ]);
    // The control: nothing is said where there are limits.
    expect(warningsWith("on")).toEqual([]);
  });
});
