// Any history: what is worked out on paper keeps the promise, stated here without any of the paper's steps. Everything
// true "at N" is looked up in the records before N.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isOpen, type PaperBatch, type PaperPlace } from "../src/paper/model.ts";
import { audited, saidBy } from "./support/audited.ts";
import { store } from "./support/databases.ts";
import { ask, createHistory, entry, type History } from "./support/history.ts";

const PEOPLE = 6;
const BY = { requestedBy: "an admin" };

type Closes = "redeem" | "expire" | "requeue" | "withdraw";

type Step =
  | { act: "join"; person: number; needsConfirmation: boolean; copies: boolean }
  | { act: "confirm" | "leave" | "erase"; pick: number }
  | { act: "ask"; batch: number; count: number }
  | { act: "name"; batch: number; people: number[] }
  | { act: Closes; pick: number }
  | { act: "withdrawBatch"; batch: number }
  | { act: "define"; reclaim: boolean };

const person = fc.nat({ max: PEOPLE - 1 });
const pick = fc.nat({ max: 40 });
const batch = fc.nat({ max: 7 });
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      act: fc.constant("join"),
      person,
      needsConfirmation: fc.boolean(),
      copies: fc.boolean(),
    }),
  },
  { weight: 5, arbitrary: fc.record({ act: fc.constantFrom("confirm", "leave", "erase"), pick }) },
  {
    weight: 4,
    arbitrary: fc.record({ act: fc.constant("ask"), batch, count: fc.integer({ min: 1, max: 4 }) }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      act: fc.constant("name"),
      batch,
      people: fc.uniqueArray(person, { minLength: 1, maxLength: 3 }),
    }),
  },
  {
    weight: 5,
    arbitrary: fc.record({ act: fc.constantFrom("redeem", "expire", "requeue", "withdraw"), pick }),
  },
  { weight: 1, arbitrary: fc.record({ act: fc.constant("withdrawBatch"), batch }) },
  { weight: 1, arbitrary: fc.record({ act: fc.constant("define"), reclaim: fc.boolean() }) },
) as fc.Arbitrary<Step>;

/** Puts a step on the log, and after it what the invite service would say of every batch that it began. */
function put(history: History, step: Step, told: Set<string>): void {
  write(history, step);
  for (const { batchId, chosen, withdrawn, untoldWithdrawals } of history.list().batches) {
    if (!told.has(batchId)) {
      told.add(batchId);
      history.tell(batchId);
      history.complete(batchId);
    }
    if (withdrawn === undefined) continue;
    for (const { inviteId, entryId, joinOffset } of chosen.values()) {
      if (!untoldWithdrawals.has(inviteId)) continue;
      history.put("InviteWithdrawn", { inviteId, entryId, joinOffset, requestedBy: "an admin" });
    }
  }
}

const picked = <T>(from: T[], pick: number): T | undefined => from[pick % Math.max(from.length, 1)];

const ENDS = { confirm: "EntryConfirmed", leave: "EntryLeft", erase: "EntryErased" } as const;

function write(history: History, step: Step): void {
  switch (step.act) {
    case "define":
      history.define({ reclaim: step.reclaim });
      return;
    case "join": {
      const former = history.records.find(({ event }) => isJoinOf(event, step.person));
      history.join(step.person, step.needsConfirmation, step.copies ? former?.event.id : undefined);
      return;
    }
    case "ask":
      ask(history, `b-${step.batch}`, step.count);
      return;
    case "name": {
      const entryIds = step.people.map(entry);
      history.put("InviteBatchRequested", { batchId: `b-${step.batch}`, entryIds, ...BY });
      return;
    }
    case "withdrawBatch":
      history.put("InviteBatchWithdrawn", { batchId: `b-${step.batch}`, ...BY });
      return;
    case "confirm":
    case "leave":
    case "erase": {
      const place = picked(history.list().places, step.pick);
      if (place) history.put(ENDS[step.act], { entryId: place.entryId, joinOffset: place.joinOffset });
      return;
    }
    default:
      close(history, step);
  }
}

function close(history: History, { act, pick }: { act: Closes; pick: number }): void {
  const chosen = history.list().batches.flatMap((each) => [...each.chosen.values()]);
  const found = picked(chosen, pick);
  if (!found) return;
  const { inviteId, entryId, joinOffset } = found;
  const about = { inviteId, entryId, joinOffset };
  if (act === "redeem") history.put("InviteRedeemed", { ...about, attempt: "once" });
  else if (act === "withdraw") history.put("InviteWithdrawn", { ...about, ...BY });
  else history.put("InviteExpired", { ...about, ...(act === "requeue" ? { requeue: true } : {}) });
}

const isJoinOf = (event: History["records"][number]["event"], who: number) =>
  event.type === "WaitlistJoined" && event.data.entryId === entry(who);

/** Whether a place could be invited at an offset, from its own dates alone. */
function wasEligible(place: PaperPlace, at: number): boolean {
  const { joinOffset, endOffset = Number.POSITIVE_INFINITY, needsConfirmation, confirmedOffset } = place;
  // A batch of one that a departure makes comes at the departure's own offset, after it.
  if (joinOffset >= at || endOffset <= at) return false;
  if (needsConfirmation && (confirmedOffset ?? Number.POSITIVE_INFINITY) >= at) return false;
  return place.decided.given
    .filter(({ offset }) => offset < at)
    .every(({ closed }) => closed?.requeued === true && closed.offset <= at);
}

/** By position: nobody who could be invited was passed over for somebody behind, and no more were taken than asked for. */
function assertTaken(
  { places }: { places: PaperPlace[] },
  { batchId, chosen, count, isNamed, offset }: PaperBatch,
): void {
  expect(chosen.size).toBeLessThanOrEqual(count);
  const taken = places.filter(({ decided }) => decided.given.some((each) => each.batchId === batchId));
  expect(taken.map(({ position }) => position)).toEqual([...chosen.values()].map(({ position }) => position));
  for (const place of taken) expect(wasEligible(place, offset)).toBe(true);
  if (isNamed || chosen.size === 0) return;
  const isReclaim = batchId.startsWith("r-");
  const behind = taken.at(-1)?.position ?? 0;
  const passedOver = places.filter(
    (place) =>
      place.position < behind &&
      !taken.includes(place) &&
      wasEligible(place, offset) &&
      !(isReclaim && place.decided.given.some((each) => each.offset < offset)),
  );
  expect(passedOver).toEqual([]);
}

describe("any history, worked out on paper", () => {
  const histories = fc.array(step, { maxLength: 60 });
  const written = (steps: Step[]): History => {
    const history = createHistory();
    history.define({ reclaim: true });
    const told = new Set<string>();
    for (const each of steps) put(history, each, told);
    return history;
  };

  it("has positions without gaps, one open place a person, and batches that take the first in order", () => {
    const property = fc.property(histories, (steps) => {
      const list = written(steps).list();
      expect(list.places.map(({ position }) => position)).toEqual(list.places.map((_, index) => index + 1));
      const joins = list.places.map(({ joinOffset }) => joinOffset);
      expect(joins).toEqual(joins.toSorted((one, other) => one - other));
      for (const { places } of list.entries.values())
        expect(places.filter(isOpen).length).toBeLessThanOrEqual(1);
      for (const each of list.batches) assertTaken(list, each);
    });
    fc.assert(property, { numRuns: 1000 });
  });

  it("gives nobody a second invite, unless the first expired and put the place back", () => {
    const property = fc.property(histories, (steps) => {
      for (const { decided } of written(steps).list().places) {
        for (const [index, { offset }] of decided.given.entries()) {
          const before = decided.given[index - 1]?.closed;
          expect(index === 0 || (before?.requeued === true && before.offset <= offset)).toBe(true);
        }
      }
    });
    fc.assert(property, { numRuns: 1000 });
  });

  it("agrees with what the services store of it, from wherever the log begins", async () => {
    const property = fc.asyncProperty(histories, fc.nat({ max: 100 }), async (steps, at) => {
      const history = written(steps);
      const start = Math.min(at, history.records.length);
      expect(saidBy(await audited(history.records, store(history)))).toEqual([]);
      expect(saidBy(await audited(history.records, store(history), start))).toEqual([]);
    });
    await fc.assert(property, { numRuns: 500 });
  });
});
