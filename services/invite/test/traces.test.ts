// Histories that once broke something, or show one rule: every crash point and every interleaving of two owners in turn.
import { createEvent } from "@waitlist/contracts";
import { describe, expect, test } from "vitest";
import { eventOf, type Input } from "./support/input.ts";
import { owner, type Plan } from "./support/owner.ts";
import { assertAsOnPaper } from "./support/property.ts";
import { type Burst, takeTurns } from "./support/turns.ts";
import { createWorld, type World } from "./support/world.ts";

const define = (hours = 5, reclaim = false): Input => ({ op: "define", list: 0, hours, reclaim });
const join = (who: number, confirms = false): Input => ({ op: "join", who, confirms });
const fact = (op: "EntryConfirmed" | "EntryLeft" | "EntryErased", who: number): Input => ({
  op,
  who,
  which: 99,
});
const batch = (count: number, id = 0): Input => ({ op: "batch", list: 0, id, count });

function worldOf(inputs: Input[]): World {
  const world = createWorld();
  for (const input of inputs) {
    const event = eventOf(input, world.log, world.paper);
    if (event) world.append(event);
  }
  return world;
}

async function run(inputs: Input[], bursts: Burst[] = [], plans: Plan[] = [{ chunks: [20], behind: 0 }]) {
  const world = worldOf(inputs);
  await takeTurns(
    plans.map((plan) => owner(world, plan)),
    bursts,
  );
  assertAsOnPaper(world);
  return world;
}

const positionsOf = (world: World, batchId = "b-first-0") =>
  world.paper.batches.get(batchId)?.invited.map(({ position }) => position);

/** Six people, three parts, and somebody who comes into question right after each batch. */
const EVENTFUL = [
  define(),
  join(0),
  join(1, true),
  join(2),
  join(3),
  join(4),
  batch(3),
  fact("EntryConfirmed", 1),
  fact("EntryLeft", 2),
  join(2),
  batch(3),
  batch(9, 1),
  fact("EntryErased", 0),
  join(0),
];

test("somebody confirmed after the batch at a lower position, and the request again: nothing changes", async () => {
  const world = await run([define(), join(0, true), join(1), batch(1), fact("EntryConfirmed", 0), batch(1)]);
  expect(positionsOf(world)).toEqual([2]);
  expect(world.log.filter(({ event }) => event.type === "InviteAllocated")).toHaveLength(1);
});

test("a batch sees what its own chunk said before it, and nothing of what its chunk says after", async () => {
  const before = [define(), join(0, true), join(1), fact("EntryConfirmed", 0), fact("EntryLeft", 1)];
  expect(positionsOf(await run([...before, batch(5), join(2)]))).toEqual([1]);
});

test("a batch for a list that isn't defined completes with nothing allocated", async () => {
  const world = await run([join(0), batch(2), define()]);
  expect(positionsOf(world)).toEqual([]);
  expect(world.log.at(-1)?.event).toMatchObject({
    type: "InviteBatchCompleted",
    data: { allocated: 0, shortfall: 2 },
  });
});

test("an invite's life is as long as the definition at the batch's offset says, from the record's time", async () => {
  const world = await run([define(5), join(0), batch(1), define(9)]);
  const expiresAt = new Date(2000 + 5 * 3_600_000).toISOString();
  expect(world.log[4]?.event).toMatchObject({ type: "InviteAllocated", data: { expiresAt } });
});

test("whose address takes no mail is invited in their turn all the same", async () => {
  const world = worldOf([define(), join(0), join(1)]);
  const joined = world.log[1]?.event.data;
  if (!joined || !("entryId" in joined)) throw new Error("nobody has joined");
  const place = { waitlistId: joined.waitlistId, entryId: joined.entryId, joinOffset: 1 };
  const shown = { mailId: `welcome:${joined.entryId}:1`, cause: "bounced", source: "report" } as const;
  world.append(createEvent("EntryUndeliverable", { ...place, ...shown }, { source: "/test", at: 0 }));
  const asked = eventOf(batch(1), world.log, world.paper);
  if (asked) world.append(asked);
  await takeTurns([owner(world, { chunks: [20], behind: 0 })], []);
  assertAsOnPaper(world);
  expect(positionsOf(world)).toEqual([1]);
});

describe("an owner that dies at any step leaves a batch that its successor finishes", () => {
  test.for([1, 3, 20])("%i records at a time", async (size) => {
    let steps = 0;
    for (let deaths = 1; deaths > 0; steps += 1) {
      const world = worldOf(EVENTFUL);
      deaths = await takeTurns(
        [owner(world, { chunks: [size], behind: 0 })],
        [{ actor: 0, steps, dies: true }],
      );
      assertAsOnPaper(world);
    }
    expect(steps).toBeGreaterThan(60);
  });
});

describe("a former owner that stops at any step, and goes on when another has finished, changes nothing", () => {
  test.for([1, 3, 20])("%i records at a time", async (size) => {
    const plan = { chunks: [size], behind: 0 };
    for (let steps = 0; steps < 200; steps += 1) {
      const rest = Number.POSITIVE_INFINITY;
      await run(
        EVENTFUL,
        [
          { actor: 0, steps, dies: false },
          { actor: 1, steps: rest, dies: false },
        ],
        [plan, plan],
      );
    }
  });
});
