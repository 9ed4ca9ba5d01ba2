import { createEvent, type DataOf, type EventType } from "@waitlist/contracts";
import { createFold, type RosterEntry } from "@waitlist/roster";
import { createWithdrawals } from "@waitlist/roster/testing";
import { describe, expect, it } from "vitest";
import { toEntryEvent } from "./causes.ts";
import { evolvePerson, type Person } from "./person.ts";

const about = { waitlistId: "first", entryId: "a".repeat(26) };
const of = (inviteId: string, joinOffset = 0) => ({ ...about, joinOffset, inviteId });
const fold = createFold(evolvePerson);

type Line = { [T in EventType]: [type: T, data: DataOf<T>] }[EventType];

const join: Line = ["WaitlistJoined", { ...about, email: "ada@example.com", needsConfirmation: true }];
const confirmed: Line = ["EntryConfirmed", { ...about, joinOffset: 0 }];
const left: Line = ["EntryLeft", { ...about, joinOffset: 0 }];
const withdrawnBatch: Line = [
  "InviteBatchWithdrawn",
  { waitlistId: "first", batchId: "b-1", requestedBy: "boss" },
];

const invite = (name: string, more: Partial<DataOf<"InviteAllocated">> = {}): Line => [
  "InviteAllocated",
  {
    ...{ ...of(`i-${name}`), batchId: `b-${name}`, code: "AAAA-AAAA-AAAA", position: 12 },
    ...{ expiresAt: "2030-01-01T00:00:00Z", ...more },
  },
];
const redeemed = (name: string): Line => [
  "InviteRedeemed",
  { ...of(`i-${name}`), attempt: "one", redeemedBy: "shop" },
];
const expired = (name: string, requeue?: true): Line => [
  "InviteExpired",
  { ...of(`i-${name}`), ...(requeue ? { requeue } : {}) },
];
const withdrawn = (name: string, reason?: string): Line => [
  "InviteWithdrawn",
  { ...of(`i-${name}`), requestedBy: "boss", ...(reason ? { reason } : {}) },
];

/** What the fold makes of these records at the offsets 0, 1, …, as an admin reads it. The first place is 12. */
const told = (...lines: Line[]) => toldOf(lines);

/** The same; `more` says of which offsets the records are half readable, or back on the log. */
async function toldOf(
  lines: Line[],
  more: Record<number, Pick<Parameters<typeof fold>[1], "redriven" | "unreadable">> = {},
) {
  const withdrawals = createWithdrawals();
  let entry: RosterEntry<Person> | undefined;
  let next = 12;
  for (const [offset, [type, data]] of lines.entries()) {
    const event = createEvent(type, data as never, { source: "/test", at: 0, id: `e${offset}` });
    const record = { offset, timestamp: 1000 * offset, event, ...more[offset] } as Parameters<typeof fold>[1];
    await withdrawals.keep([record]);
    if (type === "InviteBatchWithdrawn") continue;
    const first = { waitlistId: "first", batchId: "b-1" };
    const found = [...(await withdrawals.of([first])).values()][0];
    ({ entry, next } = fold(entry, record, next, ({ batchId }) => (batchId === "b-1" ? found : undefined)));
  }
  return (entry?.details?.history ?? []).map((item) => toEntryEvent(item, entry?.places ?? []));
}

const causes = async (...lines: Line[]) => (await told(...lines)).map(({ cause }) => cause);

describe("the cause of", () => {
  it("a signup is the place that it took, of another one the place that was kept", async () => {
    expect(await told(join, join)).toEqual([
      {
        ...{ type: "WaitlistJoined", at: "1970-01-01T00:00:00.000Z", offset: 0 },
        cause: "signed up: took place 12",
      },
      {
        ...{ type: "WaitlistJoined", at: "1970-01-01T00:00:01.000Z", offset: 1, repeated: true },
        cause: "signed up again: kept place 12",
      },
    ]);
  });

  it("a signup that is back on the log is an honest place, and who put it back", async () => {
    const back = { redriven: { from: 0, by: "ops" } };
    const [, filled] = await toldOf([join, join], { 0: { unreadable: "its name" }, 1: back });
    expect(filled).toMatchObject({
      cause: "the signup's record was put back on the log and could be read now: kept place 12",
      by: "ops",
    });
    const [placed] = await toldOf([confirmed, join], { 1: back });
    expect(placed).toMatchObject({
      cause:
        "the signup's record at offset 0 could not be read and was put back on the log: took place 12, at the end",
      by: "ops",
    });
  });

  it("each place of somebody who left and came back is its own", async () => {
    expect(await causes(join, confirmed, left, join, join)).toEqual([
      "signed up: took place 12",
      "confirmed the address from a mail",
      "left: gave up place 12",
      "signed up: took place 13",
      "signed up again: kept place 13",
    ]);
  });

  it("an invite is the batch, by order or by name, and who asked", async () => {
    expect((await told(join, invite("1", { requestedBy: "boss" }))).at(-1)).toMatchObject({
      ...{ cause: "invited by batch b-1, in order", by: "boss" },
    });
    const named = invite("2", { outOfOrder: true });
    expect((await causes(join, named)).at(-1)).toBe("invited by name, out of order, by batch b-2");
  });

  it("a closing is how, and by whom", async () => {
    expect((await told(join, invite("2"), redeemed("2"))).at(-1)).toMatchObject({
      ...{ cause: "redeemed the invite of batch b-2", by: "shop" },
    });
    expect((await causes(join, invite("2"), expired("2"))).at(-1)).toBe("the invite's time was over");
    expect((await told(join, invite("2"), withdrawn("2", "a mistake"))).at(-1)).toMatchObject({
      ...{ cause: "withdrew the invite of batch b-2: a mistake", by: "boss" },
    });
  });

  it("an expiry that puts the place back says so, whatever invite comes later", async () => {
    const lines = [join, confirmed, invite("2"), expired("2", true), invite("3"), redeemed("3")];
    expect((await causes(...lines)).slice(2)).toEqual([
      "invited by batch b-2, in order",
      "the invite's time was over; back in the queue at the old place",
      "invited by batch b-3, in order",
      "redeemed the invite of batch b-3",
    ]);
  });

  it("what the withdrawal of a whole batch closed names the batch", async () => {
    const lines = [join, invite("1"), withdrawnBatch, withdrawn("1")];
    expect((await told(...lines)).at(-1)).toMatchObject({ cause: "withdrew batch b-1", by: "boss" });
  });

  it("a redemption after the whole batch's withdrawal came too late", async () => {
    const lines = [join, invite("1"), withdrawnBatch, redeemed("1")];
    expect((await causes(...lines)).at(-1)).toBe("came too late: batch b-1 was withdrawn before");
  });

  it("an address that takes no mail is why, as far as that could be read", async () => {
    const refused: Line = [
      "EntryUndeliverable",
      {
        ...{ ...about, joinOffset: 0, mailId: `welcome:${about.entryId}:0`, cause: "recipient-refused" },
        ...{ status: "5.1.1", source: "smtp" },
      },
    ];
    expect((await told(join, refused, refused)).slice(1)).toEqual([
      {
        ...{ type: "EntryUndeliverable", at: "1970-01-01T00:00:01.000Z", offset: 1 },
        cause: "the address takes no mail: 5.1.1",
      },
    ]);
    const bare = toEntryEvent({ type: "EntryUndeliverable", at: 0, offset: 1, eventId: "e1" }, []);
    expect(bare.cause).toBe("the address takes no mail");
  });

  it("a closing ahead of its invite is told as such until the invite comes", async () => {
    expect((await causes(join, redeemed("2"))).at(-1)).toBe(
      "said of an invite that had not come yet: redeemed",
    );
    expect((await causes(join, redeemed("2"), invite("2"))).slice(1)).toEqual([
      "redeemed the invite of batch b-2",
      "the invite of batch b-2 came when it was redeemed",
    ]);
    expect((await causes(join, withdrawnBatch, invite("1"))).at(-1)).toBe(
      "the invite of batch b-1 came when it was withdrawn",
    );
  });

  it("an event that was kept before its place was forgotten is still a sentence", () => {
    const item = { at: 0, offset: 3, eventId: "e3" };
    const cause = (type: string) => toEntryEvent({ ...item, type }, []).cause;
    expect(["WaitlistJoined", "EntryLeft", "InviteAllocated"].map(cause)).toEqual([
      "signed up",
      "left",
      "invited",
    ]);
  });
});
