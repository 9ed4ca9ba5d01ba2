// Whatever goes wrong with timers: an invite ends by the first closing on the log, and none is forgotten.
import assert from "node:assert/strict";
import { invitesOf } from "@waitlist/roster";
import fc from "fast-check";
import { inputs } from "./input.ts";
import { owner } from "./owner.ts";
import { assertAsOnPaper, burst, choice, plan, writer } from "./property.ts";
import { FAR, timer } from "./timer.ts";
import { takeTurns } from "./turns.ts";
import { createWorld, type Weakness, type World } from "./world.ts";

const HOUR = 3_600_000;

/** Times that a clock shows, in no order: invites last for one to nine hours. */
const times = fc.array(fc.constantFrom(0, 2 * HOUR, 5 * HOUR + 5000, 6 * HOUR, 10 * HOUR, FAR), {
  minLength: 1,
  maxLength: 6,
});

const scenario = fc.record({
  inputs,
  plans: fc.array(plan, { minLength: 1, maxLength: 2 }),
  clocks: fc.array(times, { minLength: 2, maxLength: 2 }),
  bursts: fc.array(burst(4), { minLength: 4, maxLength: 30, size: "max" }),
  choose: choice,
});

/** Longer than a place can be given on and on: a reclaim's invite goes to nobody who had one. */
const GENERATIONS = 30;

export const lifetimesAsOnPaper = (weakness: Weakness = {}) =>
  fc.asyncProperty(scenario, async ({ inputs: list, plans, clocks, bursts, choose }) => {
    const world = createWorld(weakness);
    const owners = plans.map((each) => owner(world, each));
    const timers = clocks.map((each) => timer(world, each));
    await takeTurns([writer(world, list), ...owners, ...timers], bursts, { choose });
    await letAllExpire(world);
    assertAsOnPaper(world);
    assertAllEnded(world);
  });

/** Follows the log and lets the timer propose until there is nothing left to do. */
async function letAllExpire(world: World): Promise<void> {
  for (let round = 0; round < GENERATIONS; round += 1) {
    await takeTurns([owner(world, { chunks: [5], behind: 0 })], []);
    const end = world.log.length;
    await takeTurns([timer(world, [FAR])], []);
    const areSettled = [...world.batches.values()].every(({ isSettled }) => isSettled);
    if (world.log.length === end && areSettled) return;
  }
  assert.fail("batches are never settled");
}

function assertAllEnded({ entries, log }: World): void {
  const places = [...entries.values()].flatMap((entry) => entry.places);
  const forgotten = places.filter(
    (place) => place.endOffset === undefined && invitesOf(place).some(({ closed }) => !closed),
  );
  assert.deepEqual(forgotten, [], "every invite has come to its end");
  const expired = places.flatMap(invitesOf).filter(({ closed }) => closed?.how === "expired");
  for (const { inviteId, closed } of expired) {
    const event = log[closed?.offset ?? -1]?.event;
    assert.ok(event?.type === "InviteExpired" && event.data.inviteId === inviteId);
  }
}
