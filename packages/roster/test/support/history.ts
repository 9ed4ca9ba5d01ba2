// Histories as fast-check makes them: few people, so that they meet themselves again and again.
import { createEvent, type WaitlistEvent } from "@waitlist/contracts";
import fc from "fast-check";
import type { EntryRecord } from "../../src/fold.ts";

export type Operation =
  | { op: "join"; who: number; confirms: boolean }
  | { op: "EntryLeft" | "EntryErased" | "EntryConfirmed" | "InviteAllocated"; who: number; which: number }
  | { op: "duplicate"; of: number };

const who = fc.nat(3);
const which = fc.nat(30);

const operation: fc.Arbitrary<Operation> = fc.oneof(
  { weight: 5, arbitrary: fc.record({ op: fc.constant("join" as const), who, confirms: fc.boolean() }) },
  {
    weight: 4,
    arbitrary: fc.record({
      op: fc.constantFrom("EntryLeft" as const, "EntryErased", "EntryConfirmed", "InviteAllocated"),
      who,
      which,
    }),
  },
  { weight: 2, arbitrary: fc.record({ op: fc.constant("duplicate" as const), of: which }) },
);

export const operations = fc.array(operation, { minLength: 1, maxLength: 24 });

/** Two lists in one partition; the last person is on the second one. */
export const listOf = (person: number) => (person === 3 ? "second" : "first");
const idOf = (person: number) => "abcd".charAt(person).repeat(26);
const origin = { source: "/test", at: 0 };

/** A history from operations: facts name an earlier join of the person (taken or not), duplicates an earlier record. */
export function toHistory(list: Operation[], firstOffset = 0): EntryRecord[] {
  const records: EntryRecord[] = [];
  for (const each of list) {
    const offset = firstOffset + records.length;
    const event = eventOf(each, records, `e${offset}`);
    if (event) records.push({ offset, timestamp: offset, event } as EntryRecord);
  }
  return records;
}

function eventOf(each: Operation, earlier: EntryRecord[], id: string): WaitlistEvent | undefined {
  if (each.op === "duplicate") return earlier[each.of % Math.max(1, earlier.length)]?.event;
  const person = { waitlistId: listOf(each.who), entryId: idOf(each.who) };
  if (each.op === "join") {
    const data = { ...person, email: `${id}@example.com`, needsConfirmation: each.confirms };
    return createEvent("WaitlistJoined", data, { ...origin, id });
  }
  const joins = earlier.filter(
    ({ event }) => event.type === "WaitlistJoined" && event.data.entryId === person.entryId,
  );
  const joinOffset = joins[each.which % Math.max(1, joins.length)]?.offset ?? 0;
  if (each.op !== "InviteAllocated")
    return createEvent(each.op, { ...person, joinOffset }, { ...origin, id });
  const invite = { inviteId: `i-${id}`, code: "AAAA-AAAA-AAAA", batchId: "b", position: 1 };
  const data = { ...person, joinOffset, ...invite, expiresAt: "2030-01-01T00:00:00Z" };
  return createEvent("InviteAllocated", data, { ...origin, id });
}
