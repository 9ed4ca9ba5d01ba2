import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { eventOf, type Input, scheduledInputs } from "./support/input.ts";
import { owner } from "./support/owner.ts";
import { assertAsOnPaper, batchesAsOnPaper } from "./support/property.ts";
import { takeTurns } from "./support/turns.ts";
import { createWorld, type Weakness, type World } from "./support/world.ts";

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
  "a setting that comes again sets nothing back": { repeatedSettings: true },
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

const set = (state: "active" | "paused" | "ended", total = 5): Input => ({
  ...{ op: "schedule", which: 0, state, count: 2, total },
});
const run = (slot: number, count = 2, back = 0): Input => ({
  ...{ op: "run", which: 0, back, slot, count, borrowed: false },
});

/** Runs and their repetitions, too late and too many, around a pause and the end. */
const EVENTFUL: Input[] = [
  { op: "define", list: 0, hours: 5, reclaim: false },
  ...[0, 1, 2, 3, 4].map((who): Input => ({ op: "join", who, confirms: false })),
  ...[set("active"), run(1), run(1), { op: "again", which: 7 } as const, set("paused"), run(2)],
  ...[run(2, 2, 1), set("active"), run(1), run(3), run(4), run(5, 1), run(6, 1), set("ended"), run(7, 1)],
];

function worldOf(inputs: Input[]): World {
  const world = createWorld();
  for (const input of inputs) {
    const event = eventOf(input, world.log, world.paper);
    if (event) world.append(event);
  }
  return world;
}

test("of runs proposed too early, too late, twice, or beyond the total there are those that are due", async () => {
  const world = worldOf(EVENTFUL);
  await takeTurns([owner(world, { chunks: [20], behind: 0 })], []);
  expect(world.paper.schedules.get("first:s0")).toMatchObject({ slots: [1, 3, 5], asked: 5, state: "ended" });
  assertAsOnPaper(world);
});

describe("an owner that dies at any step leaves runs that its successor finishes, each once", () => {
  test.for([1, 3, 20])("%i records at a time", async (size) => {
    let steps = 0;
    for (let deaths = 1; deaths > 0; steps += 1) {
      const world = worldOf(EVENTFUL);
      const plan = { chunks: [size], behind: 0 };
      deaths = await takeTurns([owner(world, plan)], [{ actor: 0, steps, dies: true }]);
      assertAsOnPaper(world);
    }
    expect(steps).toBeGreaterThan(60);
  });
});

describe("a former owner that stops at any step, and goes on when another has finished, runs nothing again", () => {
  test.for([1, 3, 20])("%i records at a time", async (size) => {
    for (let steps = 0; steps < 150; steps += 1) {
      const world = worldOf(EVENTFUL);
      const owners = [0, 1].map(() => owner(world, { chunks: [size], behind: 0 }));
      const rest = Number.POSITIVE_INFINITY;
      await takeTurns(owners, [
        { actor: 0, steps, dies: false },
        { actor: 1, steps: rest, dies: false },
      ]);
      assertAsOnPaper(world);
    }
  });
});
