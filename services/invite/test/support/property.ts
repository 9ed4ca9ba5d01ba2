// What this service is for: whatever goes wrong, each batch invites exactly those worked out on paper.
import assert from "node:assert/strict";
import type { WaitlistEvent } from "@waitlist/contracts";
import fc from "fast-check";
import { eventOf, type Input, inputs } from "./input.ts";
import { batchAt, handlerOf, owner, type Plan } from "./owner.ts";
import { type Actor, type Burst, takeTurns } from "./turns.ts";
import { createWorld, type Weakness, type World } from "./world.ts";

const plan: fc.Arbitrary<Plan> = fc.record({
  chunks: fc.array(fc.integer({ min: 1, max: 8 }), { minLength: 1, maxLength: 3 }),
  behind: fc.oneof(fc.constant(0), fc.nat(12)),
});

/** Actor 0 is who writes to the log; the owners come after. Long bursts leave the others far behind. */
const burst: fc.Arbitrary<Burst> = fc.record({
  actor: fc.nat(3),
  steps: fc.oneof(fc.nat(12), fc.nat(120)),
  dies: fc.oneof({ weight: 2, arbitrary: fc.constant(false) }, { weight: 1, arbitrary: fc.constant(true) }),
});

const scenario = fc.record({
  inputs,
  plans: fc.array(plan, { minLength: 2, maxLength: 3 }),
  bursts: fc.array(burst, { minLength: 4, maxLength: 30, size: "max" }),
  replay: fc.nat(20),
});

/** Puts all inputs on the log, one after the other; the first ones are there before anybody reads. */
const writer =
  (world: World, list: Input[]): Actor =>
  async (live) => {
    let step = live();
    for (const input of list) {
      await step().catch(() => {
        step = live();
      });
      const event = eventOf(input, world.log, world.paper);
      if (event) world.append(event);
    }
  };

export const batchesAsOnPaper = (weakness: Weakness = {}) =>
  fc.asyncProperty(scenario, async ({ inputs: list, plans, bursts, replay }) => {
    const world = createWorld(weakness);
    const owners = plans.map((each) => owner(world, each));
    await takeTurns([writer(world, list), ...owners], bursts);
    await takeTurns([owner(world, { chunks: [3], behind: 0 })], []);
    assertAsOnPaper(world);
    await assertReplayChangesNothing(world, replay);
  });

type Allocated = Extract<WaitlistEvent, { type: "InviteAllocated" }>;

/** Throws where the log, the queue or the batches differ from the paper. */
export function assertAsOnPaper(world: World): void {
  const { paper, log, entries } = world;
  const byBatch = new Map<string, Allocated[]>();
  const facts = new Map<string, WaitlistEvent>();
  for (const { event } of log) {
    if (event.type !== "InviteAllocated" && event.type !== "InviteBatchCompleted") continue;
    // What is on the log again is the same to the last byte.
    assert.deepEqual(facts.get(event.id) ?? event, event);
    if (facts.has(event.id)) continue;
    facts.set(event.id, event);
    if (event.type === "InviteAllocated") {
      byBatch.set(event.data.batchId, [...(byBatch.get(event.data.batchId) ?? []), event]);
    }
  }
  for (const { batchId, invited, count } of paper.batches.values()) {
    const announced = (byBatch.get(batchId) ?? []).map(
      ({ data: { entryId, joinOffset, position, inviteId } }) => {
        return { entryId, joinOffset, position, inviteId };
      },
    );
    const expected = invited.map(({ entryId, joinOffset, position, inviteId }) => {
      return { entryId, joinOffset, position, inviteId };
    });
    assert.deepEqual(announced, expected, `${batchId} as it is on the log`);
    const batch = world.batches.get(batchId);
    assert.equal(batch?.progress.allocated, expected.length);
    assert.ok(batch.completed, `${batchId} is completed`);
    const completion = log[batch.completed.offset]?.event;
    assert.ok(completion?.type === "InviteBatchCompleted");
    const { allocated, shortfall } = completion.data;
    assert.deepEqual(
      { allocated, shortfall },
      { allocated: expected.length, shortfall: count - expected.length },
    );
  }
  const stored = [...entries.values()].flatMap(({ entryId, places }) =>
    places.map(({ joinOffset, position, endOffset, invite }) => {
      return { entryId, joinOffset, position, endOffset, inviteId: invite?.inviteId };
    }),
  );
  const onPaper = ["first", "second"].flatMap((list) =>
    paper.places(list).map(({ entryId, joinOffset, position, endOffset, inviteId }) => {
      return { entryId, joinOffset, position, endOffset, inviteId };
    }),
  );
  const inOrder = (a: { joinOffset: number }, b: { joinOffset: number }) => a.joinOffset - b.joinOffset;
  assert.deepEqual(stored.sort(inOrder), onPaper.sort(inOrder));
}

async function assertReplayChangesNothing(world: World, from: number): Promise<void> {
  const before = structuredClone({ entries: world.entries, batches: world.batches, log: world.log });
  const first = Math.min(from, world.log.length);
  await handlerOf(world, async () => undefined).apply(batchAt(world, first, world.log.length));
  assert.deepEqual({ entries: world.entries, batches: world.batches, log: world.log }, before);
}
