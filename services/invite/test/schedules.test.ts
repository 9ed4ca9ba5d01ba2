import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { scheduledInputs } from "./support/input.ts";
import { batchesAsOnPaper } from "./support/property.ts";
import type { Weakness } from "./support/world.ts";

const RUNS = 2000;

test("crashes, former owners, duplicates and replays leave each schedule, and its runs, as worked out on paper", async () => {
  await fc.assert(batchesAsOnPaper({}, scheduledInputs), { numRuns: RUNS });
});

/** What is left when a guard is left out: the property has to notice. */
const WITHOUT: Record<string, Weakness> = {
  "a run is judged by what is in force at its own place": { latestSchedule: true },
  "a run is one of the version that it names": { anyVersion: true },
  "a schedule that has seen more isn't replaced": { unguardedSchedules: true },
  "what was judged is judged the same in a replay": { judgedAnew: true },
  "a slot is run once": { repeatedSlots: true },
  "no more than the total is asked for": { boundlessTotal: true },
  "a paused schedule doesn't run": { runsWhilePaused: true },
};

describe("each guard is needed: without it, a schedule runs wrongly", () => {
  test.for(Object.entries(WITHOUT))("%s", async ([_name, weakness]) => {
    const property = batchesAsOnPaper(weakness, scheduledInputs);
    const { failed } = await fc.check(property, { numRuns: 5 * RUNS, endOnFailure: true });
    expect(failed).toBe(true);
  });
});
