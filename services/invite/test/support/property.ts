// What this service is for: whatever goes wrong, each batch invites exactly those worked out on paper.
import assert from "node:assert/strict";
import type { WaitlistEvent } from "@waitlist/contracts";
import { invitesOf, type RosterRecord } from "@waitlist/roster";
import fc from "fast-check";
import { eventOf, type Input, inputs } from "./input.ts";
import { batchAt, handlerOf, IN_GROUPS, owner, PART_BY_PART, type Plan } from "./owner.ts";
import { type Actor, type Burst, byChance, type Choose, oldestFirst, takeTurns } from "./turns.ts";
import { createWorld, type Weakness, type World } from "./world.ts";

export const plan: fc.Arbitrary<Plan> = fc.record({
  chunks: fc.array(fc.integer({ min: 1, max: 8 }), { minLength: 1, maxLength: 3 }),
  behind: fc.oneof(fc.constant(0), fc.nat(12)),
  together: fc.constantFrom(IN_GROUPS, PART_BY_PART),
});

/** Of the steps that wait at once any may be the next; for a start that is the one that waits longest. */
export const choice: fc.Arbitrary<Choose> = fc.oneof(fc.constant(oldestFirst), fc.integer().map(byChance));

/** Actor 0 is who writes to the log; the others come after. Long bursts leave the rest of them far behind. */
export const burst = (last: number): fc.Arbitrary<Burst> =>
  fc.record({
    actor: fc.nat(last),
    steps: fc.oneof(fc.nat(12), fc.nat(120)),
    dies: fc.oneof({ weight: 2, arbitrary: fc.constant(false) }, { weight: 1, arbitrary: fc.constant(true) }),
  });

const scenarioOf = (histories: fc.Arbitrary<Input[]>) =>
  fc.record({
    inputs: histories,
    plans: fc.array(plan, { minLength: 2, maxLength: 3 }),
    bursts: fc.array(burst(3), { minLength: 4, maxLength: 30, size: "max" }),
    replay: fc.nat(20),
    choose: choice,
  });

/** Puts all inputs on the log, one after the other; the first ones are there before anybody reads. */
export const writer =
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

export const batchesAsOnPaper = (weakness: Weakness = {}, histories = inputs) =>
  fc.asyncProperty(scenarioOf(histories), async ({ inputs: list, plans, bursts, replay, choose }) => {
    const world = createWorld(weakness);
    const owners = plans.map((each) => owner(world, each));
    await takeTurns([writer(world, list), ...owners], bursts, { choose });
    await takeTurns([owner(world, { chunks: [3], behind: 0 })], []);
    assertAsOnPaper(world);
    await assertReplayChangesNothing(world, replay);
  });

/** Throws where the log, the queue or the batches differ from the paper. */
export function assertAsOnPaper(world: World): void {
  const facts = factsOnce(world);
  const { paper, batches, codes } = world;
  for (const { batchId, offset, invited, count, eligible, withdrawn } of paper.batches.values()) {
    const announced = facts.flatMap(({ event }) =>
      event.type === "InviteAllocated" && event.data.batchId === batchId ? [event.data] : [],
    );
    assert.deepEqual(announced.map(inPaperTerms), invited, `${batchId} as it is on the log`);
    const batch = batches.get(batchId);
    assert.equal(batch?.offset, offset);
    assert.equal(batch.decision?.eligible, eligible, `${batchId} could have invited`);
    assert.equal(batch.progress.allocated, invited.length);
    assert.ok(batch.completed, `${batchId} is completed`);
    const completion = world.log[batch.completed.offset]?.event;
    assert.ok(completion?.type === "InviteBatchCompleted");
    const { allocated, shortfall } = completion.data;
    assert.deepEqual([allocated, shortfall], [invited.length, count - invited.length]);
    assert.equal(batch.withdrawn?.offset, withdrawn?.offset, `${batchId} withdrawn`);
    for (const { inviteId } of invited) assert.equal(codes.get(inviteId)?.batchId, batchId);
  }
  assert.equal(batches.size, paper.batches.size);
  assert.equal(codes.size, [...paper.batches.values()].flatMap(({ invited }) => invited).length);
  assertWithdrawnAsOnPaper(world, facts);
  assertPlacesAsOnPaper(world);
  assertSchedulesAsOnPaper(world);
}

type Allocated = Extract<WaitlistEvent, { type: "InviteAllocated" }>["data"];

const inPaperTerms = (data: Allocated) => {
  const { entryId, joinOffset, position, inviteId, code, expiresAt, outOfOrder } = data;
  return { entryId, joinOffset, position, inviteId, code, expiresAt, outOfOrder: outOfOrder === true };
};

/** What the service itself has put on the log, each fact once. */
function factsOnce({ log }: World): RosterRecord[] {
  const facts = new Map<string, RosterRecord>();
  for (const record of log) {
    const { event } = record;
    if (event.source === "/test") continue;
    // What is on the log again is the same to the last byte.
    assert.deepEqual(withoutRequeue(facts.get(event.id)?.event ?? event), withoutRequeue(event));
    if (!facts.has(event.id)) facts.set(event.id, record);
  }
  return [...facts.values()];
}

/** Whether a place is put back is what the list says when an expiry is proposed: of two the first one counts. */
function withoutRequeue(event: WaitlistEvent): object {
  if (event.type !== "InviteExpired") return event;
  const { requeue, ...data } = event.data;
  return { ...event, data };
}

/** Each invite that a batch's withdrawal has closed is withdrawn by a fact of its own, and no other is. */
function assertWithdrawnAsOnPaper({ paper }: World, facts: RosterRecord[]): void {
  const told = facts.flatMap(({ event }) => (event.type === "InviteWithdrawn" ? [event.data.inviteId] : []));
  const closed = [...paper.batches.values()].flatMap(({ withdrawn }) => withdrawn?.inviteIds ?? []);
  assert.deepEqual(told.sort(), closed.sort());
}

function assertPlacesAsOnPaper({ paper, entries }: World): void {
  const stored = [...entries.values()].flatMap(({ entryId, places }) =>
    places.map((place) => {
      const { joinOffset, position, endOffset } = place;
      const invites = invitesOf(place).map(({ inviteId, outOfOrder, closed }) => {
        const how = closed?.requeued ? "requeued" : closed?.how;
        return {
          inviteId,
          outOfOrder: outOfOrder === true,
          closed: closed && { how, offset: closed.offset },
        };
      });
      return { entryId, joinOffset, position, endOffset, invites };
    }),
  );
  const onPaper = ["first", "second"].flatMap((list) =>
    paper.places(list).map(({ entryId, joinOffset, position, endOffset, invites }) => {
      const known = invites.map(({ inviteId, outOfOrder, closed }) => ({ inviteId, outOfOrder, closed }));
      return { entryId, joinOffset, position, endOffset, invites: known };
    }),
  );
  const inOrder = (a: { joinOffset: number }, b: { joinOffset: number }) => a.joinOffset - b.joinOffset;
  assert.deepEqual(stored.sort(inOrder), onPaper.sort(inOrder));
}

function assertSchedulesAsOnPaper({ paper, schedules }: World): void {
  assert.equal(schedules.size, paper.schedules.size);
  for (const [key, { offset, state, asked, slots, total }] of paper.schedules) {
    const lastSlot = slots.at(-1) ?? null;
    const stored = schedules.get(key);
    assert.deepEqual(
      [stored?.offset, stored?.state, stored?.asked, stored?.lastSlot],
      [offset, state, asked, lastSlot],
      key,
    );
    assert.deepEqual(
      slots,
      [...new Set(slots)].sort((a, b) => a - b),
      `${key}: each slot once`,
    );
    assert.equal(stored?.total ?? Number.POSITIVE_INFINITY, total);
  }
}

async function assertReplayChangesNothing(world: World, from: number): Promise<void> {
  const state = ({ entries, batches, schedules, codes, log }: World) => {
    return { entries, batches, schedules, codes, log };
  };
  const before = structuredClone(state(world));
  const first = Math.min(from, world.log.length);
  await handlerOf(world, async () => undefined).apply(batchAt(world, first, world.log.length));
  assert.deepEqual(state(world), before);
}
