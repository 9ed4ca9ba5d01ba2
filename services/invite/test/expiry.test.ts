// The timer for itself: what it proposes, what it waits for, and what it leaves alone.
import type { Position } from "@waitlist/roster";
import { describe, expect, test, vi } from "vitest";
import { createExpiry, type ExpiryDeps } from "../src/timers/expiry.ts";
import { eventOf, type Input } from "./support/input.ts";
import { batchAt, handlerOf, owner } from "./support/owner.ts";
import { assertAsOnPaper } from "./support/property.ts";
import { expiredOf, FAR, proposalsOf, timer } from "./support/timer.ts";
import { byChance, oldestFirst, takeTurns } from "./support/turns.ts";
import { batchesOf, createWorld, definitionsOf, queueOf, type World } from "./support/world.ts";

const HOUR = 3_600_000;
const noStep = async () => undefined;
const neverStopped = new AbortController().signal;

const define = (reclaim = false, requeue = false): Input => ({
  ...{ op: "define", list: 0, hours: 5, reclaim, requeue },
});
const joins = (count: number): Input[] =>
  Array.from({ length: count }, (_, who) => ({ op: "join", who, confirms: false }));
const batch = (count: number, id = 0): Input => ({ op: "batch", list: 0, id, count });

function put(world: World, inputs: Input[]): World {
  for (const input of inputs) {
    const event = eventOf(input, world.log, world.paper);
    if (event) world.append(event);
  }
  return world;
}

/** Takes what is on the log by now, and no more. */
async function follow(world: World): Promise<void> {
  const end = world.log.length;
  await handlerOf(world, noStep).apply(batchAt(world, world.cursor.next, end));
  world.cursor.next = end;
}

/** A list whose batches are on the log, and read back. */
async function worldOf(...inputs: Input[]): Promise<World> {
  const world = put(createWorld(), inputs);
  await follow(world);
  await follow(world);
  return world;
}

function start(world: World, more: Partial<ExpiryDeps> = {}) {
  const clock = vi.fn(() => FAR);
  const proposed = vi.fn();
  const ports = {
    ...{ batches: batchesOf(world, noStep), queue: queueOf(world, noStep), partitions: 12 },
    ...{ expired: expiredOf(world, noStep), definitions: definitionsOf(world, noStep) },
    proposals: proposalsOf(world, noStep, clock),
    position: (): Position | null => ({ next: world.cursor.next, goesOn: true }),
    ...{ clock, proposed },
  };
  const propose = createExpiry({ ...ports, ...more });
  return { ports, clock, proposed, turn: () => propose(neverStopped) };
}

const expiries = ({ log }: World) =>
  log.flatMap(({ event }) => (event.type === "InviteExpired" ? [event.data] : []));
const areSettled = ({ batches }: World) => [...batches.values()].every(({ isSettled }) => isSettled);

test("the invites of a batch expire at its time and not before, all at once", async () => {
  const world = await worldOf(define(), ...joins(5), batch(5));
  const { turn, clock, proposed } = start(world);
  const expiresAt = 6000 + 5 * HOUR;
  clock.mockReturnValue(expiresAt - 1);
  await turn();
  expect(expiries(world)).toEqual([]);
  clock.mockReturnValue(expiresAt);
  await turn();
  expect(expiries(world)).toHaveLength(5);
  expect(proposed.mock.calls).toEqual([[2], [2], [1]]);
});

test("what was proposed is not proposed again while it waits to be applied; then the batch is settled", async () => {
  const world = await worldOf(define(), ...joins(3), batch(3));
  const { turn, ports } = start(world);
  const chosen = vi.spyOn(ports.batches, "chosen");
  await turn();
  await turn();
  expect(expiries(world)).toHaveLength(3);
  expect(areSettled(world)).toBe(false);
  await follow(world);
  await turn();
  expect(areSettled(world)).toBe(true);
  const looks = chosen.mock.calls.length;
  await turn();
  expect(chosen.mock.calls.length).toBe(looks);
  expect(expiries(world)).toHaveLength(3);
  assertAsOnPaper(world);
});

test("a timer that has forgotten everything proposes again, and nothing comes of it", async () => {
  const world = await worldOf(define(true), ...joins(3), batch(1));
  await start(world).turn();
  await start(world).turn();
  await follow(world);
  await follow(world);
  expect(expiries(world)).toHaveLength(2);
  expect(world.batches.size).toBe(2);
  assertAsOnPaper(world);
});

test("only what is open expires: no invite that was taken up or taken back, none of a place that has ended", async () => {
  const world = await worldOf(define(), ...joins(4), batch(4));
  put(world, [
    { op: "InviteRedeemed", which: 0 },
    { op: "InviteWithdrawn", which: 1 },
    { op: "EntryLeft", who: 1, which: 99 },
  ]);
  await follow(world);
  await start(world).turn();
  expect(expiries(world)).toMatchObject([{ entryId: "a".repeat(26) }]);
});

test("a batch that was taken back as a whole is settled without a word", async () => {
  const world = await worldOf(define(), ...joins(2), batch(2), {
    ...{ op: "withdraw-batch", list: 0, id: 0, reclaimed: false },
  });
  await start(world).turn();
  expect(expiries(world)).toEqual([]);
  expect(areSettled(world)).toBe(true);
});

test("the invite of a place that was given on expires by its own time", async () => {
  const world = await worldOf(define(true), ...joins(2), batch(1));
  const { turn, clock } = start(world);
  clock.mockReturnValue(3000 + 5 * HOUR);
  await turn();
  const givenOnAt = world.log.length - 1;
  await follow(world);
  await follow(world);
  await turn();
  expect(expiries(world)).toHaveLength(1);
  clock.mockReturnValue(1000 * givenOnAt + 5 * HOUR);
  await turn();
  expect(expiries(world).map(({ entryId }) => entryId[0])).toEqual(["a", "b"]);
});

test("whether a place is put back is what the list says when its invite expires", async () => {
  const world = await worldOf(define(false, false), ...joins(2), batch(1), define(false, true));
  await start(world).turn();
  expect(expiries(world)).toMatchObject([{ requeue: true }]);
  put(world, [batch(1, 1)]);
  await follow(world);
  await follow(world);
  expect(world.paper.batches.get("b-first-1")?.invited).toMatchObject([{ position: 1 }]);
  assertAsOnPaper(world);
});

describe("nothing is proposed", () => {
  test.for<[string, Position | null]>([
    ["for a partition that is another instance's", null],
    ["for a partition in which nothing is taken at the moment", { next: 9, goesOn: false }],
  ])("%s", async ([_why, at]) => {
    const world = await worldOf(define(), ...joins(2), batch(2));
    await start(world, { position: () => at }).turn();
    expect(expiries(world)).toEqual([]);
    expect(areSettled(world)).toBe(false);
  });

  test("for more batches than can be remembered", async () => {
    const world = await worldOf(define(), ...joins(3), batch(1), batch(1, 1), batch(1, 2));
    const { turn } = start(world, { remembered: 2 });
    await turn();
    await turn();
    expect(expiries(world)).toHaveLength(2);
    await follow(world);
    await turn();
    await turn();
    expect(expiries(world)).toHaveLength(3);
    expect(areSettled(world)).toBe(false);
  });

  test("once it is to stop", async () => {
    const world = await worldOf(define(), ...joins(2), batch(2));
    await createExpiry(start(world).ports)(AbortSignal.abort());
    expect(expiries(world)).toEqual([]);
  });
});

test("what an outage cuts off is proposed later, and what was proposed before it is not repeated", async () => {
  const world = await worldOf(define(), ...joins(5), batch(5));
  const { ports, turn } = start(world);
  const working = ports.proposals.propose;
  vi.spyOn(ports.proposals, "propose")
    .mockImplementationOnce(working)
    .mockRejectedValueOnce(new Error("the log is away"));
  await expect(turn()).rejects.toThrow("the log is away");
  expect(expiries(world)).toHaveLength(2);
  await turn();
  expect(expiries(world)).toHaveLength(2);
  await follow(world);
  await turn();
  expect(expiries(world)).toHaveLength(5);
});

describe("whoever dies at any step leaves what the next one finishes", () => {
  test.for<[string, number]>([
    ["the timer that proposes expiries", 0],
    ["the owner of the partition that applies them", 1],
  ])("%s", async ([_who, actor]) => {
    for (const choose of [oldestFirst, byChance(1), byChance(2)]) {
      let steps = 0;
      for (let deaths = 1; deaths > 0; steps += 1) {
        const world = await worldOf(define(true, true), ...joins(4), batch(3));
        // What the owner dies of is there before it begins: the expiries of the whole batch.
        if (actor === 1) await takeTurns([timer(world, [FAR, FAR])], []);
        const actors = [timer(world, [FAR, FAR]), owner(world, { chunks: [2], behind: 0 })];
        deaths = await takeTurns(actors, [{ actor, steps, dies: true }], { choose });
        for (let round = 0; round < 4; round += 1) {
          await takeTurns([timer(world, [FAR])], []);
          await takeTurns([owner(world, { chunks: [3], behind: 0 })], []);
        }
        await takeTurns([timer(world, [FAR])], []);
        expect(areSettled(world)).toBe(true);
        assertAsOnPaper(world);
      }
      expect(steps).toBeGreaterThan(10);
    }
  });
});
