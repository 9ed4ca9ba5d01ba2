// What people and admins do, as fast-check makes it: few of them, so that they meet again and again.

import { Value } from "@sinclair/typebox/value";
import { createEvent, WaitlistDefinition, type WaitlistEvent } from "@waitlist/contracts";
import fc from "fast-check";
import type { Paper } from "./reference.ts";

export type Input =
  | { op: "join"; who: number; confirms: boolean }
  | { op: "EntryLeft" | "EntryErased" | "EntryConfirmed"; who: number; which: number }
  | { op: "batch"; list: number; id: number; count: number }
  | { op: "define"; list: number; hours: number }
  | { op: "again"; which: number };

const who = fc.nat(5);
const which = fc.nat(20);
/** The second list has one person, and often no definition. */
const list = fc.constantFrom(0, 0, 0, 1);

const one: fc.Arbitrary<Input> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ op: fc.constant("join" as const), who, confirms: fc.boolean() }) },
  {
    weight: 5,
    arbitrary: fc.record({
      op: fc.constantFrom("EntryLeft" as const, "EntryErased", "EntryConfirmed"),
      who,
      which,
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      op: fc.constant("batch" as const),
      list,
      id: fc.nat(3),
      count: fc.integer({ min: 1, max: 5 }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ op: fc.constant("define" as const), list, hours: fc.integer({ min: 1, max: 9 }) }),
  },
  { weight: 2, arbitrary: fc.record({ op: fc.constant("again" as const), which }) },
);

const FIRST_JOINS: Input[] = [0, 1, 2].map((person) => ({ op: "join", who: person, confirms: person === 1 }));

/** Histories in which something happens: at first a few join a list that is defined. */
export const inputs = fc
  .array(one, { minLength: 8, maxLength: 28, size: "max" })
  .map((rest): Input[] => [{ op: "define", list: 0, hours: 5 }, ...FIRST_JOINS, ...rest]);

const LISTS = ["first", "second"];
const listOf = (person: number) => (person === 5 ? "second" : "first");
const idOf = (person: number) => "abcdef".charAt(person).repeat(26);
const named = (index: number) => LISTS[index] ?? "first";

/** The event of an input at the end of a log; facts name one of the person's places, often the newest. */
export function eventOf(
  input: Input,
  log: { event: WaitlistEvent }[],
  paper: Paper,
): WaitlistEvent | undefined {
  const origin = { source: "/test", at: 0, id: `e${log.length}` };
  switch (input.op) {
    case "again":
      return log[input.which % Math.max(1, log.length)]?.event;
    case "define": {
      const definition = Value.Default(WaitlistDefinition, {
        name: "A list",
        invites: { lifetimeHours: input.hours },
      }) as WaitlistDefinition;
      const data = { waitlistId: named(input.list), definition, idKeyVersion: "k" };
      return createEvent("WaitlistDefined", data, origin);
    }
    case "batch": {
      const waitlistId = named(input.list);
      const data = {
        waitlistId,
        batchId: `b-${waitlistId}-${input.id}`,
        count: input.count,
        requestedBy: "test",
      };
      return createEvent("InviteBatchRequested", data, origin);
    }
    case "join": {
      const person = { waitlistId: listOf(input.who), entryId: idOf(input.who) };
      const data = { ...person, email: "a@example.com", needsConfirmation: input.confirms };
      return createEvent("WaitlistJoined", data, origin);
    }
    default: {
      const person = { waitlistId: listOf(input.who), entryId: idOf(input.who) };
      const own = paper.places(person.waitlistId).filter(({ entryId }) => entryId === person.entryId);
      const place = own[input.which] ?? own.at(-1);
      return createEvent(input.op, { ...person, joinOffset: place?.joinOffset ?? 0 }, origin);
    }
  }
}
