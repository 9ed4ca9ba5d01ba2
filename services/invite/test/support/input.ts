// What people, admins and timers do, as fast-check makes it: few of them, so that they meet again and again.

import { Value } from "@sinclair/typebox/value";
import { createEvent, inviteIdOf, WaitlistDefinition, type WaitlistEvent } from "@waitlist/contracts";
import fc from "fast-check";
import { type Paper, type PaperPlace, SECRET } from "./reference.ts";
import { type ScheduleInput, scheduleEventOf, scheduleInput } from "./schedule-input.ts";

/** What closes an invite; `InviteRequeued` is an expiry that puts the place back. */
export type ClosingInput = "InviteRedeemed" | "InviteExpired" | "InviteRequeued" | "InviteWithdrawn";

export type Input =
  | ScheduleInput
  | { op: "join"; who: number; confirms: boolean }
  | { op: "EntryLeft" | "EntryErased" | "EntryConfirmed"; who: number; which: number }
  | { op: "batch"; list: number; id: number; count: number }
  | { op: "named"; list: number; id: number; whom: number[] }
  /** `which` of the invites that are there; far beyond them, one that the place doesn't have yet. */
  | { op: ClosingInput; which: number }
  /** Of a batch of this id, whether it is there or not; `reclaimed`: of the newest batch of one. */
  | { op: "withdraw-batch"; list: number; id: number; reclaimed: boolean }
  | { op: "define"; list: number; hours: number; reclaim: boolean; requeue?: boolean }
  | { op: "again"; which: number };

const who = fc.nat(5);
const which = fc.nat(20);
/** The second list has one person, and often no definition. */
const list = fc.constantFrom(0, 0, 0, 1);
const id = fc.nat(3);
const op = <T extends string>(...names: T[]) => fc.constantFrom(...names);

const one: fc.Arbitrary<Input> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ op: op("join"), who, confirms: fc.boolean() }) },
  {
    weight: 5,
    arbitrary: fc.record({ op: op("EntryLeft", "EntryErased", "EntryConfirmed"), who, which }),
  },
  { weight: 3, arbitrary: fc.record({ op: op("batch"), list, id, count: fc.integer({ min: 1, max: 5 }) }) },
  {
    weight: 2,
    arbitrary: fc.record({ op: op("named"), list, id, whom: fc.uniqueArray(fc.nat(6), { minLength: 1 }) }),
  },
  {
    weight: 6,
    arbitrary: fc.record({
      op: op("InviteRedeemed", "InviteExpired", "InviteExpired", "InviteRequeued", "InviteWithdrawn"),
      which,
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ op: op("withdraw-batch"), list, id, reclaimed: fc.boolean() }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      op: op("define"),
      list,
      hours: fc.integer({ min: 1, max: 9 }),
      reclaim: fc.boolean(),
      requeue: fc.boolean(),
    }),
  },
  { weight: 2, arbitrary: fc.record({ op: op("again"), which: fc.nat(40) }) },
);

const FIRST_JOINS: Input[] = [0, 1, 2].map((person) => ({ op: "join", who: person, confirms: person === 1 }));

/** Histories in which something happens: at first a few join a list that is defined. */
const historiesOf = (each: fc.Arbitrary<Input>) =>
  fc
    .tuple(fc.boolean(), fc.boolean(), fc.array(each, { minLength: 8, maxLength: 32, size: "max" }))
    .map(([reclaim, requeue, rest]): Input[] => [
      { op: "define", list: 0, hours: 5, reclaim, requeue },
      ...FIRST_JOINS,
      ...rest,
    ]);

export const inputs = historiesOf(one);
/** Histories in which schedules are set and run, among everything else. */
export const scheduledInputs = historiesOf(
  fc.oneof({ weight: 1, arbitrary: one }, { weight: 2, arbitrary: scheduleInput }),
);

const LISTS = ["first", "second"];
const listOf = (person: number) => (person === 5 ? "second" : "first");
const idOf = (person: number) => "abcdefg".charAt(person).repeat(26);
const named = (index: number) => LISTS[index] ?? "first";

/** The event of an input at the end of a log; facts name one of the person's places, often the newest. */
export function eventOf(
  input: Input,
  log: { offset: number; event: WaitlistEvent }[],
  paper: Paper,
): WaitlistEvent | undefined {
  const origin = { source: "/test", at: 0, id: `e${log.length}` };
  switch (input.op) {
    case "again":
      return log[input.which % Math.max(1, log.length)]?.event;
    case "define": {
      const definition = Value.Default(WaitlistDefinition, {
        name: "A list",
        invites: {
          lifetimeHours: input.hours,
          reclaim: input.reclaim,
          requeue: input.requeue ? "place" : "no",
        },
      }) as WaitlistDefinition;
      const data = { waitlistId: named(input.list), definition, idKeyVersion: "k" };
      return createEvent("WaitlistDefined", data, origin);
    }
    case "schedule":
    case "run":
      return scheduleEventOf(input, log, origin);
    case "batch":
    case "named":
      return createEvent("InviteBatchRequested", requestOf(input), origin);
    case "withdraw-batch": {
      const batchId = withdrawnBatchId(input, paper);
      return createEvent(
        "InviteBatchWithdrawn",
        { waitlistId: named(input.list), batchId, requestedBy: "test" },
        origin,
      );
    }
    case "join": {
      const person = { waitlistId: listOf(input.who), entryId: idOf(input.who) };
      const data = { ...person, email: "a@example.com", needsConfirmation: input.confirms };
      return createEvent("WaitlistJoined", data, origin);
    }
    case "EntryLeft":
    case "EntryErased":
    case "EntryConfirmed": {
      const person = { waitlistId: listOf(input.who), entryId: idOf(input.who) };
      const own = paper.places(person.waitlistId).filter(({ entryId }) => entryId === person.entryId);
      const place = own[input.which] ?? own.at(-1);
      return createEvent(input.op, { ...person, joinOffset: place?.joinOffset ?? 0 }, origin);
    }
    default:
      return closingOf(input, paper, origin);
  }
}

function requestOf(input: Extract<Input, { op: "batch" | "named" }>) {
  const waitlistId = named(input.list);
  const about = { waitlistId, batchId: `b-${waitlistId}-${input.id}`, requestedBy: "test" };
  return input.op === "batch"
    ? { ...about, count: input.count }
    : { ...about, entryIds: input.whom.map(idOf), reason: "friends" };
}

/** A batch of the first list may be named by the second one, too, whose it isn't. */
function withdrawnBatchId({ id, reclaimed }: { id: number; reclaimed: boolean }, paper: Paper): string {
  const reclaim = [...paper.batches.keys()].findLast((batchId) => batchId.startsWith("r-"));
  return reclaimed && reclaim ? reclaim : `b-first-${id}`;
}

function closingOf(
  input: { op: ClosingInput; which: number },
  paper: Paper,
  origin: { source: string; at: number; id: string },
): WaitlistEvent | undefined {
  const invites = LISTS.flatMap((waitlistId) =>
    paper.places(waitlistId).flatMap((place) => invitesOf(waitlistId, place, input.which)),
  );
  // Mostly the newest ones, which are open more often.
  const data = invites.at(-1 - (input.which % Math.max(1, invites.length)));
  if (!data) return undefined;
  switch (input.op) {
    case "InviteRedeemed":
      return createEvent(input.op, { ...data, attempt: origin.id }, origin);
    case "InviteWithdrawn":
      return createEvent(input.op, { ...data, requestedBy: "test" }, origin);
    case "InviteExpired":
      return createEvent(input.op, data, origin);
    case "InviteRequeued":
      return createEvent("InviteExpired", { ...data, requeue: true }, origin);
  }
}

/** The invites of a place; now and then one that it doesn't have yet. */
function invitesOf(waitlistId: string, { entryId, joinOffset, invites }: PaperPlace, which: number) {
  const about = { waitlistId, entryId, joinOffset };
  if (which > 17 && joinOffset % 3 === which % 3) {
    const inviteId = inviteIdOf(SECRET, `b-${waitlistId}-${which % 4}`, entryId, joinOffset);
    return [{ ...about, inviteId }];
  }
  return invites.map(({ inviteId }) => ({ ...about, inviteId }));
}
