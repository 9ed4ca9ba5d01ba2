import { createEvent, type DataOf, type EventType } from "@waitlist/contracts";
import type { Outcome, RosterRecord } from "@waitlist/roster";
import { describe, expect, it } from "vitest";
import { evolvePerson, type Person } from "./person.ts";

const entryId = "a".repeat(26);
const about = { waitlistId: "first", entryId };
const place = { joinOffset: 0, eventId: "e0", position: 1, joinedAt: 0, needsConfirmation: false };
const placed: Outcome = { kind: "placed", place };
const changed: Outcome = { kind: "changed", place };

function record<T extends EventType>(offset: number, type: T, data: DataOf<T>): RosterRecord {
  const event = createEvent(type, data, { source: "/test", at: 0, id: `e${offset}` });
  return { offset, timestamp: 1000 * offset, event: event as RosterRecord["event"] };
}

const join = (offset: number, more: Partial<DataOf<"WaitlistJoined">> = {}) =>
  record(offset, "WaitlistJoined", {
    ...{ ...about, email: "ada@example.com", needsConfirmation: false },
    ...more,
  });
const left = (offset: number) => record(offset, "EntryLeft", { ...about, joinOffset: 0 });
const allocated = (offset: number, more: Partial<DataOf<"InviteAllocated">> = {}) =>
  record(offset, "InviteAllocated", {
    ...{ ...about, joinOffset: 0, inviteId: "i-1", batchId: "b-1", code: "AAAA-AAAA-AAAA", position: 1 },
    expiresAt: "2030-01-01T00:00:00Z",
    ...more,
  });

const ada = evolvePerson(null, join(0, { name: "Ada" }), placed) as Person;

describe("a person's record", () => {
  it("is filled by a signup that is back on the log, unless it was read at first", () => {
    const filled: Outcome = { kind: "filled", place };
    const half = evolvePerson(null, { ...join(0), unreadable: "its name" }, placed);
    const back = { ...join(1, { name: "Ada L." }), redriven: { from: 0, by: "ops" } };
    const item = { type: "WaitlistJoined", at: 1000, offset: 1, eventId: "e1", by: "ops" };
    expect(evolvePerson(half, back, filled)).toMatchObject({
      ...{ email: "ada@example.com", name: "Ada L." },
      history: [{ offset: 0 }, item],
    });
    expect(evolvePerson(ada, back, filled)).toEqual({ ...ada, history: [...ada.history, item] });
  });

  it("begins with what the signup said, its frozen fields left out", () => {
    const said = { name: "Ada", locale: "en", answers: { why: "x" }, source: "blog", consent: false };
    const more = { ...said, referredBy: "aaaaaaaaaa", disposable: true as const };
    expect(evolvePerson(null, join(7, more), placed)).toEqual({
      ...{ email: "ada@example.com", ...more },
      history: [{ type: "WaitlistJoined", at: 7000, offset: 7, eventId: "e7" }],
    });
  });

  it("takes no field that the schema doesn't name", () => {
    const smuggled = join(0, { password: "secret" } as Partial<DataOf<"WaitlistJoined">>);
    expect(evolvePerson(null, smuggled, placed)).not.toHaveProperty("password");
  });

  it("has no address where the join's personal part could not be read", () => {
    const unreadable = { ...join(0, { name: "Ada" }), unreadable: "name: not text" };
    const person = evolvePerson(null, unreadable, placed);
    expect(person).toEqual({ email: null, history: [expect.objectContaining({ offset: 0 })] });
  });

  it("notes a repeat and keeps what the first signup said", () => {
    const person = evolvePerson(ada, join(3, { name: "Eve", email: "eve@example.com" }), {
      kind: "repeated",
    });
    expect(person).toMatchObject({ email: "ada@example.com", name: "Ada" });
    expect(person?.history.at(-1)).toEqual({
      ...{ type: "WaitlistJoined", at: 3000, offset: 3, eventId: "e3" },
      repeated: true,
    });
  });

  it("keeps the invite that was allocated", () => {
    expect(evolvePerson(ada, allocated(2), changed)?.invite).toEqual({
      ...{ inviteId: "i-1", batchId: "b-1", code: "AAAA-AAAA-AAAA" },
      expiresAt: "2030-01-01T00:00:00Z",
    });
    const unreadable = { ...allocated(2), unreadable: "code: missing" };
    expect(evolvePerson(ada, unreadable, changed)?.invite).toBeUndefined();
  });

  it.each(["InviteRedeemed", "InviteExpired", "InviteWithdrawn"] as const)("notes %s", (type) => {
    const data = { ...about, joinOffset: 0, inviteId: "i-1", attempt: "a", requestedBy: "boss" };
    const invited = evolvePerson(ada, allocated(1), changed);
    const closed = evolvePerson(invited, record(2, type, data), changed);
    expect(closed?.history.at(-1)).toMatchObject({ type, at: 2000, offset: 2, eventId: "e2" });
    expect(closed?.invite).toEqual(invited?.invite);
    const early = evolvePerson(ada, record(2, type, data), { kind: "none" });
    expect(early?.history.at(-1)).toMatchObject({ type, offset: 2 });
  });

  it("begins anew with the next place: neither the invite nor an answer of the former one stays", () => {
    const invited = evolvePerson(ada, allocated(1), changed);
    const again = evolvePerson(evolvePerson(invited, left(2), changed), join(3), placed);
    expect(again).toMatchObject({ email: "ada@example.com" });
    expect(again).not.toHaveProperty("name");
    expect(again).not.toHaveProperty("invite");
    expect(again?.history.map(({ offset }) => offset)).toEqual([0, 1, 2, 3]);
  });

  it("stays forgotten whatever is said of it, until a new place", () => {
    expect(evolvePerson(null, left(4), changed)).toBeNull();
    expect(evolvePerson(null, allocated(4), changed)).toBeNull();
    expect(evolvePerson(null, join(5), placed)?.history).toHaveLength(1);
  });

  it("says who asked for an invite, its redemption and its withdrawal, where that could be read", () => {
    const by = { requestedBy: "boss", redeemedBy: "shop", reason: "a mistake", attempt: "a" };
    const data = { ...about, joinOffset: 0, inviteId: "i-1", ...by };
    const lastOf = (record: RosterRecord) => evolvePerson(ada, record, changed)?.history.at(-1);
    expect(lastOf(record(2, "InviteRedeemed", data))).toMatchObject({ by: "shop" });
    const withdrawn = record(2, "InviteWithdrawn", data);
    expect(lastOf(withdrawn)).toMatchObject({ by: "boss", reason: "a mistake" });
    expect(lastOf({ ...withdrawn, unreadable: "reason: too long" })).not.toHaveProperty("by");
    expect(lastOf(allocated(2, { requestedBy: "boss" }))).toMatchObject({ by: "boss" });
    expect(lastOf(allocated(2))).not.toHaveProperty("by");
  });

  it("notes since when its address takes no mail, until the next place", () => {
    const said = {
      mailId: `welcome:${entryId}:0`,
      cause: "bounced",
      status: "5.1.1",
      source: "report",
    } as const;
    const refused = record(2, "EntryUndeliverable", { ...about, joinOffset: 0, ...said });
    const noted = evolvePerson(ada, refused, changed);
    expect(noted?.undeliverable).toEqual({ at: 2000, offset: 2, cause: "bounced", status: "5.1.1" });
    expect(noted?.history.at(-1)).toMatchObject({ type: "EntryUndeliverable", reason: "5.1.1" });
    expect(noted?.history.at(-1)).not.toHaveProperty("by");
    const passedOn = { ...about, joinOffset: 0, ...said, reportedBy: "mta" };
    const byKey = evolvePerson(ada, record(2, "EntryUndeliverable", passedOn), changed);
    expect(byKey?.history.at(-1)).toMatchObject({ by: "mta", reason: "5.1.1" });
    const unreadable = evolvePerson(ada, { ...refused, unreadable: "cause: not text" }, changed);
    expect(unreadable?.undeliverable).toEqual({ at: 2000, offset: 2, cause: "unknown" });
    expect(evolvePerson(noted, join(3), placed)).not.toHaveProperty("undeliverable");
  });

  it("keeps a history of two hundred items: repeats are left out first, the oldest of them", () => {
    let person: Person | null = ada;
    for (let offset = 1; offset <= 300; offset += 1) {
      person = evolvePerson(person, join(offset), { kind: "repeated" });
    }
    const offsets = person?.history.map(({ offset }) => offset);
    expect(offsets).toEqual([0, ...Array.from({ length: 199 }, (_, index) => 102 + index)]);
  });

  it("keeps how the place was taken, and the newest of more than two hundred that are no repeats", () => {
    let person: Person | null = ada;
    for (let offset = 1; offset <= 300; offset += 1) person = evolvePerson(person, left(offset), changed);
    expect(person?.history).toHaveLength(200);
    expect(person?.history.slice(0, 2).map(({ offset }) => offset)).toEqual([0, 102]);
  });

  it("lets go of the oldest place once there are more than two hundred", () => {
    let person: Person | null = ada;
    for (let offset = 1; offset <= 300; offset += 1) person = evolvePerson(person, join(offset), placed);
    expect(person?.history).toHaveLength(200);
    expect(person?.history[0]?.offset).toBe(101);
  });
});
