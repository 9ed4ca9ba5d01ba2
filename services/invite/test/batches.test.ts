import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { batchesAsOnPaper } from "./support/property.ts";
import type { Weakness } from "./support/world.ts";

const RUNS = 2000;

test("crashes, former owners, duplicates and replays leave each batch as worked out on paper", async () => {
  await fc.assert(batchesAsOnPaper(), { numRuns: RUNS });
});

/** What is left when a guard is left out: the property has to notice. */
const WITHOUT: Record<string, Weakness> = {
  "a later state of an entry is not marked": { unguardedMarking: true },
  "what was chosen stays chosen": { unstoredChoice: true },
  "what was decided stays decided": { unstoredDecision: true },
  "a batchId is one batch": { batchPerRecord: true },
  "a batch is decided before what comes after it is applied": { unsplitChunks: true },
};

describe("each guard is needed: without it, the wrong people are invited", () => {
  test.for(Object.entries(WITHOUT))("%s", async ([_name, weakness]) => {
    const { failed } = await fc.check(batchesAsOnPaper(weakness), { numRuns: 5 * RUNS, endOnFailure: true });
    expect(failed).toBe(true);
  });
});
