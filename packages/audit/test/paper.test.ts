import { inviteIdOf, reclaimBatchIdOf, slotBatchIdOf } from "@waitlist/contracts";
import { describe, expect, it } from "vitest";
import { ask, createHistory, entry, type History, LIST, SECRET } from "./support/history.ts";

const positions = (history: History) =>
  history.list().places.map(({ entryId, position }) => [entryId[0], position]);
const taken = (history: History, batchId: string) =>
  [...history.batch(batchId).chosen.values()].map(({ position }) => position);
const said = (history: History) => history.findings.of(LIST).first.map(({ what }) => what);

/** A defined list with so many people on it. */
function listOf(people: number, rules = {}): History {
  const history = createHistory();
  history.define(rules);
  for (let person = 0; person < people; person++) history.join(person);
  return history;
}
const place = (history: History, person: number) => ({
  entryId: entry(person),
  joinOffset: history.list().entries.get(entry(person))?.places[0]?.joinOffset ?? -1,
});
/** The invite of one person in a batch, as events name it. */
const invite = (history: History, batchId: string, person: number) => {
  const { joinOffset } = place(history, person);
  return { ...place(history, person), inviteId: inviteIdOf(SECRET, batchId, entry(person), joinOffset) };
};

describe("places on paper", () => {
  it("are the same whatever is said of mails", () => {
    const history = listOf(2);
    const before = structuredClone(history.list().places);
    const mailId = `welcome:${entry(0)}:1`;
    history.put("EntryUndeliverable", { ...place(history, 0), mailId, cause: "bounced", source: "report" });
    history.put("MailResendRequested", { resendId: "m-1", mailIds: [mailId], requestedBy: "an admin" });
    expect(history.list().places).toEqual(before);
    expect(said(history)).toEqual([]);
    history.put("EntryLeft", place(history, 0));
    expect(history.list().places).not.toEqual(before);
  });

  it("are numbered in the order of their joins, and not given twice while one is open", () => {
    const history = listOf(2);
    history.join(0);
    history.put("EntryLeft", place(history, 0));
    history.join(0);
    expect(positions(history)).toEqual([
      ["a", 1],
      ["b", 2],
      ["a", 3],
    ]);
  });

  it("don't come from copies of a join, nor of a repeat, whatever has ended meanwhile", () => {
    const history = createHistory();
    history.join(0, false, "one");
    history.join(0, false, "two");
    history.put("EntryErased", place(history, 0));
    history.join(0, false, "two");
    history.join(0, false, "one");
    expect(positions(history)).toEqual([["a", 1]]);
  });

  it("are touched only by what names them", () => {
    const history = listOf(1);
    const first = place(history, 0);
    history.put("EntryLeft", first);
    history.join(0);
    history.put("EntryLeft", first);
    expect(history.list().places.map(({ endOffset }) => endOffset)).toEqual([2, undefined]);
  });
});

describe("a batch on paper", () => {
  it("takes the first in order who were confirmed by its request, and nobody again", () => {
    const history = createHistory();
    history.define();
    const joinOffset = history.join(0, true);
    history.join(1);
    history.join(2);
    ask(history, "one", 1);
    history.put("EntryConfirmed", { entryId: entry(0), joinOffset });
    ask(history, "one", 3);
    ask(history, "two", 2);
    expect([taken(history, "one"), taken(history, "two")]).toEqual([[2], [1, 3]]);
  });

  it("takes nobody where the list isn't defined, or where it was withdrawn before", () => {
    const history = createHistory();
    history.join(0);
    ask(history, "early", 1);
    history.define();
    history.put("InviteBatchWithdrawn", { batchId: "late", requestedBy: "an admin" });
    ask(history, "late", 1);
    expect([taken(history, "early"), taken(history, "late")]).toEqual([[], []]);
  });

  it("lives as long as the definition in force says, and one that replaces another isn't in force", () => {
    const history = createHistory();
    const first = history.define({ lifetimeHours: 1 });
    const second = history.define({ lifetimeHours: 2 }, first);
    history.define({ lifetimeHours: 3 }, first);
    ask(history, "one", 1);
    expect(history.list().rules).toMatchObject({ offset: second, lifetimeHours: 2 });
    expect(history.batch("one").expiresAt - (history.records[3]?.timestamp ?? 0)).toBe(2 * 3_600_000);
  });

  it("gives the place of an expired invite to the next who had none, where the list reclaims", () => {
    const history = listOf(3, { reclaim: true });
    ask(history, "one", 1);
    const lost = invite(history, "one", 0);
    history.put("InviteExpired", { ...lost, requeue: true });
    const reclaimed = reclaimBatchIdOf(SECRET, lost.inviteId);
    ask(history, "two", 5);
    expect([taken(history, reclaimed), taken(history, "two")]).toEqual([[2], [1, 3]]);
  });

  it("is closed by the first closing only, even where that stands before its invite", () => {
    const history = listOf(1);
    ask(history, "one", 1);
    const own = invite(history, "one", 0);
    history.put("InviteWithdrawn", { ...own, requestedBy: "an admin" });
    history.put("InviteRedeemed", { ...own, attempt: "late" });
    history.tell("one");
    const { decided, told } = history.list().places[0] ?? {};
    expect(decided?.given[0]?.closed).toMatchObject({ how: "withdrawn", offset: 3 });
    expect(told?.given[0]?.closed).toMatchObject({ how: "withdrawn", offset: 3, seen: 5 });
  });
});

describe("a schedule's run on paper", () => {
  const set = (history: History, total: number, state: "active" | "paused" = "active") =>
    history.put("InviteScheduleSet", {
      ...{
        scheduleId: "daily",
        state,
        count: 1,
        cron: "0 9 * * *",
        timeZone: "UTC",
        total,
        requestedBy: "an admin",
      },
    });
  const run = (history: History, offset: number, slot: number): string => {
    const batchId = slotBatchIdOf(SECRET, { waitlistId: LIST, scheduleId: "daily", offset }, slot);
    const named = { scheduleId: "daily", scheduleOffset: offset, slot };
    history.put("InviteBatchRequested", { batchId, count: 1, requestedBy: "a schedule", ...named });
    return batchId;
  };

  it("is a batch, once a slot, within the total, for the version in force", () => {
    const history = listOf(9);
    const first = set(history, 3);
    const one = run(history, first, 100);
    const early = run(history, first, 99);
    const second = set(history, 2);
    const former = run(history, first, 200);
    const two = run(history, second, 300);
    const tooMany = run(history, second, 400);
    expect([...history.paper.batches.keys()]).toEqual([one, two]);
    for (const refused of [early, former, tooMany]) expect(history.paper.batches.has(refused)).toBe(false);
    expect(said(history)).toEqual([]);
  });

  it("is void while the schedule is paused", () => {
    const history = listOf(1);
    run(history, set(history, 5, "paused"), 100);
    expect(history.paper.batches.size).toBe(0);
  });
});

describe("what the log says of its own batches", () => {
  const asked = () => {
    const history = listOf(3);
    ask(history, "one", 2);
    return history;
  };

  it("is right where it is what the request decided, copies included", () => {
    const history = asked();
    history.tell("one");
    history.tell("one");
    history.complete("one");
    expect(said(history)).toEqual([]);
  });

  it.each([
    [{ position: 7 }, "another position"],
    [{ code: "2345-6789-ABCD" }, "another code"],
    [{ expiresAt: "2030-01-01T00:00:00.000Z" }, "another expiresAt"],
    [{ inviteId: "i-made-up" }, "is due to nobody"],
    [{ entryId: entry(2) }, "another entryId"],
  ])("is wrong with %o", (changes, what) => {
    const history = asked();
    history.tell("one", changes);
    expect(said(history)[0]).toContain(what);
  });

  it("never repeats a code", () => {
    const history = asked();
    history.tell("one", { code: "2345-6789-ABCD" });
    expect(JSON.stringify(said(history))).not.toContain("2345-6789-ABCD");
  });

  it.each([
    ["comes before its invites", {}, "aren't on the log"],
    ["has wrong numbers", { allocated: 9 }, "is completed with 9 invites"],
  ])("is wrong where a completion %s", (_, changes, what) => {
    const history = asked();
    if ("allocated" in changes) history.tell("one");
    history.complete("one", changes);
    expect(said(history)[0]).toContain(what);
  });
});
