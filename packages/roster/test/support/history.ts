// Histories as fast-check makes them: few people, so that they meet themselves again and again.
import { createEvent, type DataOf, type WaitlistEvent } from "@waitlist/contracts";
import fc from "fast-check";
import type { RosterRecord } from "../../src/entry.ts";

export type Operation =
  | { op: "join"; who: number; confirms: boolean }
  | { op: "EntryLeft" | "EntryErased" | "EntryConfirmed"; who: number; which: number }
  | { op: InviteFact; who: number; which: number; invite: number }
  | { op: "EntryUndeliverable"; who: number; which: number }
  | { op: "withdraw-batch"; batch: number; list: string }
  | { op: "duplicate"; of: number };

type InviteFact =
  | "InviteAllocated"
  | "InviteRedeemed"
  | "InviteExpired"
  | "InviteRequeued"
  | "InviteWithdrawn";

const who = fc.nat(3);
const which = fc.nat(30);

const operation: fc.Arbitrary<Operation> = fc.oneof(
  { weight: 5, arbitrary: fc.record({ op: fc.constant("join" as const), who, confirms: fc.boolean() }) },
  {
    weight: 4,
    arbitrary: fc.record({
      op: fc.constantFrom("EntryLeft" as const, "EntryErased", "EntryConfirmed"),
      who,
      which,
    }),
  },
  {
    weight: 5,
    arbitrary: fc.record({
      op: fc.constantFrom<InviteFact>(
        "InviteAllocated",
        "InviteAllocated",
        "InviteRedeemed",
        "InviteExpired",
        "InviteRequeued",
        "InviteWithdrawn",
      ),
      who,
      which,
      invite: fc.nat(2),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      op: fc.constant("withdraw-batch" as const),
      batch: fc.nat(1),
      list: fc.constantFrom("first", "first", "second"),
    }),
  },
  { weight: 2, arbitrary: fc.record({ op: fc.constant("duplicate" as const), of: which }) },
);

export const operations = fc.array(operation, { minLength: 1, maxLength: 24 });

const undeliverable = fc.record({ op: fc.constant("EntryUndeliverable" as const), who, which });

/** The same, with addresses among them that take no mail. */
export const operationsWithMail = fc.array(
  fc.oneof({ weight: 4, arbitrary: operation }, { weight: 1, arbitrary: undeliverable }),
  { minLength: 1, maxLength: 24 },
);

/** Two lists in one partition; the last person is on the second one. */
export const listOf = (person: number) => (person === 3 ? "second" : "first");
const idOf = (person: number) => "abcd".charAt(person).repeat(26);
const origin = { source: "/test", at: 0 };

/** A history from operations: facts name an earlier join of the person (taken or not), duplicates an earlier record. */
export function toHistory(list: Operation[], firstOffset = 0): RosterRecord[] {
  const records: RosterRecord[] = [];
  for (const each of list) {
    const offset = firstOffset + records.length;
    const event = eventOf(each, records, `e${offset}`);
    if (event) records.push({ offset, timestamp: offset, event });
  }
  return records;
}

function eventOf(each: Operation, earlier: RosterRecord[], id: string): WaitlistEvent | undefined {
  if (each.op === "duplicate") return earlier[each.of % Math.max(1, earlier.length)]?.event;
  if (each.op === "withdraw-batch") {
    const data = { waitlistId: each.list, batchId: `b${each.batch}`, requestedBy: "boss" };
    return createEvent("InviteBatchWithdrawn", data, { ...origin, id });
  }
  const person = { waitlistId: listOf(each.who), entryId: idOf(each.who) };
  if (each.op === "join") {
    const data = { ...person, email: `${id}@example.com`, needsConfirmation: each.confirms };
    return createEvent("WaitlistJoined", data, { ...origin, id });
  }
  const joins = earlier.filter(
    ({ event }) => event.type === "WaitlistJoined" && event.data.entryId === person.entryId,
  );
  const place = { ...person, joinOffset: joins[each.which % Math.max(1, joins.length)]?.offset ?? 0 };
  if (each.op === "EntryUndeliverable") {
    const shown = { mailId: `welcome:${person.entryId}:${place.joinOffset}`, cause: "bounced" };
    return createEvent(each.op, { ...place, ...shown, source: "report" }, { ...origin, id });
  }
  return "invite" in each
    ? inviteFact(each.op, place, each.invite, { ...origin, id })
    : createEvent(each.op, place, { ...origin, id });
}

/** Few invites a place, so that they are allocated and closed again and again, in any order. */
function inviteFact(
  op: InviteFact,
  place: DataOf<"EntryLeft">,
  invite: number,
  from: { source: string; at: number; id: string },
): WaitlistEvent {
  const data = { ...place, inviteId: `i-${place.joinOffset}-${invite}` };
  switch (op) {
    case "InviteAllocated": {
      const given = { code: "AAAA-AAAA-AAAA", batchId: `b${invite % 2}`, position: 1 };
      return createEvent(op, { ...data, ...given, expiresAt: "2030-01-01T00:00:00Z" }, from);
    }
    case "InviteRedeemed":
      return createEvent(op, { ...data, attempt: from.id }, from);
    case "InviteWithdrawn":
      return createEvent(op, { ...data, requestedBy: "boss" }, from);
    case "InviteExpired":
      return createEvent(op, data, from);
    case "InviteRequeued":
      return createEvent("InviteExpired", { ...data, requeue: true }, from);
  }
}
