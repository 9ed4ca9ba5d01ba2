// Timers propose, with clocks that differ and go back; the log decides. Two owners at once, each with its timer.
import assert from "node:assert/strict";
import { createEvent, partitionOf, type WaitlistEvent } from "@waitlist/contracts";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createProposeRuns, type ProposeDeps } from "../src/timers/propose-runs.ts";
import { batchAt, handlerOf } from "./support/owner.ts";
import { SECRET } from "./support/reference.ts";
import { createWorld, type Weakness } from "./support/world.ts";

const LIST = "first";
const MINUTE = 60_000;
const PARTITIONS = 12;
const PARTITION = partitionOf(LIST, PARTITIONS);
const noLog = { info: () => undefined };
const noStep = async () => undefined;

type Act =
  /** A timer looks, by a clock that is so many minutes from the beginning; `loses`: its proposal's answer is lost. */
  | { act: "look"; timer: number; minute: number; loses: boolean }
  /** What is on the log is taken, up to so many records. */
  | { act: "take"; records: number }
  | { act: "set"; state: "active" | "paused"; count: number };

const acts: fc.Arbitrary<Act[]> = fc.array(
  fc.oneof(
    {
      weight: 5,
      arbitrary: fc.record({
        ...{ act: fc.constant("look" as const), timer: fc.nat(1), minute: fc.nat(12), loses: fc.boolean() },
      }),
    },
    {
      weight: 3,
      arbitrary: fc.record({ act: fc.constant("take" as const), records: fc.integer({ min: 1, max: 6 }) }),
    },
    {
      weight: 1,
      arbitrary: fc.record({
        ...{ act: fc.constant("set" as const), state: fc.constantFrom("active" as const, "paused" as const) },
        count: fc.integer({ min: 1, max: 3 }),
      }),
    },
  ),
  { minLength: 5, maxLength: 60, size: "max" },
);

const TOTAL = 7;

class LostAnswer extends Error {}

/** A look; whoever doesn't hear of its proposal comes again another time. */
const lookOnce = (look: () => Promise<void>): Promise<void> =>
  look().catch((error: unknown) => {
    if (!(error instanceof LostAnswer)) throw error;
  });

function createTimers(weakness: Weakness = {}) {
  const world = createWorld(weakness);
  const at = { now: 0, taken: 0, loses: false };

  const propose = async (_partition: number, events: WaitlistEvent[]) => {
    for (const event of events) world.append(event);
    if (at.loses) throw new LostAnswer();
    return world.log.length;
  };
  const timer = (changes: Partial<ProposeDeps> = {}) =>
    createProposeRuns({
      schedules: {
        active: async () => [...world.schedules.values()].filter(({ state }) => state === "active"),
      },
      proposals: { propose },
      position: (partition) => (partition === PARTITION ? { next: at.taken, goesOn: true } : null),
      ...{ partitions: PARTITIONS, clock: () => at.now, secret: SECRET, log: noLog },
      ...changes,
    });

  return {
    ...{ world, at, timer },
    set: (changes: { state?: "active" | "paused"; count?: number; total?: number } = {}) => {
      const when = { cron: "* * * * *", timeZone: "UTC", requestedBy: "test" };
      const data = { waitlistId: LIST, scheduleId: "daily", state: "active" as const, count: 2, ...when };
      world.append(createEvent("InviteScheduleSet", { ...data, ...changes }, { source: "/test", at: 0 }));
    },
    take: async (records = Number.POSITIVE_INFINITY) => {
      const next = Math.min(world.log.length, at.taken + records);
      await handlerOf(world, noStep).apply(batchAt(world, at.taken, next));
      at.taken = next;
    },
    /** What was asked for and for which slots, of the batches that there are. */
    runs: () => [...world.batches.values()].flatMap(({ run, count }) => (run ? [{ ...run, count }] : [])),
  };
}

const eachSlotOnce = (weakness: Weakness = {}) =>
  fc.asyncProperty(acts, async (list) => {
    const { world, at, timer, set, take, runs } = createTimers(weakness);
    const timers = [timer(), timer()] as const;
    set({ total: TOTAL });
    for (const each of list) {
      if (each.act === "set") set({ state: each.state, count: each.count, total: TOTAL });
      else if (each.act === "take") await take(each.records);
      else {
        at.now = each.minute * MINUTE;
        at.loses = each.loses;
        await lookOnce(timers[each.timer] ?? timers[0]);
      }
    }
    while (at.taken < world.log.length) await take();
    const slots = runs().map(({ slot }) => slot);
    assert.equal(new Set(slots).size, slots.length, "a slot was run twice");
    const asked = runs().reduce((sum, { count }) => sum + count, 0);
    assert.ok(asked <= TOTAL, `${asked} were asked for`);
  });

test("whatever two timers propose, each slot runs once at most, and the total is never exceeded", async () => {
  await fc.assert(eachSlotOnce(), { numRuns: 500 });
});

describe("each guard is needed", () => {
  test.for<[string, Weakness]>([
    ["a slot is run once", { repeatedSlots: true }],
    ["no more than the total is asked for", { boundlessTotal: true }],
  ])("%s", async ([_name, weakness]) => {
    const { failed } = await fc.check(eachSlotOnce(weakness), { numRuns: 10_000, endOnFailure: true });
    expect(failed).toBe(true);
  });
});

describe("a timer", () => {
  test("proposes a slot once, while its proposal is on its way and when it was judged", async () => {
    const { world, at, timer, set, take, runs } = createTimers();
    set();
    await take();
    const look = timer();
    at.now = MINUTE;
    await look();
    const proposed = world.log.length;
    await look();
    expect(world.log).toHaveLength(proposed);
    await take();
    await look();
    expect(runs()).toEqual([expect.objectContaining({ slot: MINUTE, count: 2 })]);
    const settledAt = world.log.length;
    at.now = 0;
    await look();
    expect(world.log).toHaveLength(settledAt);
  });

  test("proposes again what may not have got to the log", async () => {
    const { world, at, timer, set, take, runs } = createTimers();
    set();
    await take();
    const look = timer();
    at.now = MINUTE;
    at.loses = true;
    await expect(look()).rejects.toBeInstanceOf(LostAnswer);
    await expect(look()).rejects.toBeInstanceOf(LostAnswer);
    expect(world.log).toHaveLength(3);
    at.loses = false;
    await look();
    await take();
    expect(runs()).toHaveLength(1);
  });

  test("asks for what is left of the total, as soon as it knows", async () => {
    const { at, timer, set, take, runs } = createTimers();
    set({ total: 3 });
    await take();
    const [one, other] = [timer(), timer()];
    at.now = MINUTE;
    await one();
    at.now = 2 * MINUTE;
    // Knows nothing of the run that is on its way, and asks for too many.
    await other();
    await take();
    await other();
    await take();
    expect(runs().map(({ slot, count }) => [slot, count])).toEqual([
      [MINUTE, 2],
      [2 * MINUTE, 1],
    ]);
  });

  test.for<[string, ProposeDeps["position"]]>([
    ["another instance's", () => null],
    ["paused by an outage", () => ({ next: 1, goesOn: false })],
  ])("leaves a partition alone that is %s", async ([_what, position]) => {
    const { world, at, timer, set, take } = createTimers();
    set();
    await take();
    at.now = MINUTE;
    await timer({ position })();
    expect(world.log).toHaveLength(1);
  });

  test("proposes the others' runs where one of them can't be", async () => {
    const { world, at, timer, set, take } = createTimers();
    set();
    await take();
    at.now = MINUTE;
    const [daily] = world.schedules.values();
    if (!daily) throw new Error("no schedule");
    const proposed: string[] = [];
    const look = timer({
      schedules: { active: async () => [{ ...daily, scheduleId: "away" }, daily] },
      proposals: {
        propose: async (_partition, [event]) => {
          const { scheduleId = "" } = event?.type === "InviteBatchRequested" ? event.data : {};
          if (scheduleId === "away") throw new Error("the log takes nothing");
          proposed.push(scheduleId);
          return 2;
        },
      },
    });
    await expect(look()).rejects.toThrow("the log takes nothing");
    expect(proposed).toEqual(["daily"]);
  });
});
