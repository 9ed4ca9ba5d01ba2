import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { batchesAsOnPaper } from "./support/property.ts";
import type { Weakness } from "./support/world.ts";

const RUNS = 4000;

test("crashes, former owners, duplicates and replays leave each batch as worked out on paper", async () => {
  await fc.assert(batchesAsOnPaper(), { numRuns: RUNS });
});

/** What is left when a guard is left out: the property has to notice. */
const WITHOUT: Record<string, Weakness> = {
  "a later state of an entry is not marked": { unguardedMarking: true },
  "what was chosen stays chosen": { unstoredChoice: true },
  "what was decided stays decided": { unstoredDecision: true },
  "a batchId is one batch": { batchPerRecord: true },
  "a batch is decided before what comes after it is applied": { unsplit: "batches" },
  "a batch is taken back before what comes after its withdrawal is applied": { unsplit: "withdrawals" },
  "a freed place goes on before what comes after is applied": { unsplit: "reclaims" },
  "a batch that was withdrawn before it began invites nobody": { forgottenWithdrawals: true },
  "another list's withdrawal of a batch means nothing": { foreignWithdrawals: true },
  "the definition at the closing's offset says whether a place goes on": { latestDefinition: true },
  "a replay of a closing finishes its reclaim": { reclaimsOnce: true },
  "a freed place goes to nobody who had an invite": { reclaimsForAnybody: true },
  "the departure of somebody whose invite was closed frees nothing": { departuresFreeClosed: true },
  "what is closed stays as it was closed": { rules: { isClosed: () => false } },
  "an invite that a place has had isn't given again": { rules: { isKnownInvite: () => false } },
  "a closing before its invite is remembered": { rules: { rememberClosing: (closings) => closings } },
};

describe("each guard is needed: without it, the wrong people are invited", () => {
  test.for(Object.entries(WITHOUT))("%s", async ([_name, weakness]) => {
    const { failed } = await fc.check(batchesAsOnPaper(weakness), { numRuns: 5 * RUNS, endOnFailure: true });
    expect(failed).toBe(true);
  });
});
