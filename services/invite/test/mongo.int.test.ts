import type { DataOf, WaitlistEvent } from "@waitlist/contracts";
import { entryIdOf } from "@waitlist/contracts";
import { invitesOf, type PlaceInvite, type Roster } from "@waitlist/roster";
import { uniqueName } from "@waitlist/testing";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import type { Schedule } from "../src/domain/schedule.ts";
import type { Facts } from "../src/ports.ts";
import { failing, Outage } from "./support/failing.ts";
import { createPaper, SECRET } from "./support/reference.ts";
import { handlerOver, historyOf, openTestRoster, portsOf, stretch } from "./support/roster.ts";

let roster: Roster<null>;
beforeAll(async () => {
  roster = await openTestRoster(inject("backing").mongodb, uniqueName("invite"));
});
afterAll(async () => {
  await roster.db.dropDatabase();
  await roster.close();
});

/** Small parts, two of which are marked and announced together. */
const IN_GROUPS = { partSize: 2, partsTogether: 4, markedTogether: 4 };

/** A log that keeps what it is given; a part may get lost with its writer. */
function keptFacts() {
  const kept: WaitlistEvent[] = [];
  const facts: Facts = { append: async (_partition, events) => void kept.push(...events) };
  /** Each fact once, as consumers see it. */
  const allocated = (batchId: string): DataOf<"InviteAllocated">[] => [
    ...new Map(
      kept.flatMap((event) =>
        event.type === "InviteAllocated" && event.data.batchId === batchId ? [[event.id, event.data]] : [],
      ),
    ).values(),
  ];
  return { kept, facts, allocated };
}

/** Batches of several parts, by count and by name, closed in every way, on a list where freed places go on. */
function eventful(waitlistId: string) {
  const history = historyOf(waitlistId);
  const [first, second, third] = [`${waitlistId}-1`, `${waitlistId}-2`, `${waitlistId}-3`];
  history.define({ reclaim: true });
  const a = history.join("a");
  const pending = history.join("b", true);
  const c = history.join("c");
  const [d, e] = ["d", "e", "f", "g", "h", "i"].map((person) => history.join(person));
  history.batch(first, 4);
  history.say("EntryConfirmed", "b", pending);
  history.say("EntryLeft", "c", c);
  history.join("c");
  history.batch(first, 5);
  history.close("InviteExpired", first, { person: "a", joinOffset: a, requeue: true });
  history.close("InviteRedeemed", first, { person: "d", joinOffset: d ?? 0 });
  history.batch(second, { people: ["nobody", "i", "a", "d"] });
  history.withdrawBatch(first);
  history.close("InviteExpired", first, { person: "e", joinOffset: e ?? 0 });
  history.define();
  history.batch(third, 10);
  history.close("InviteWithdrawn", second, { person: "a", joinOffset: a });
  return history.records;
}

/** Three runs of a schedule of three, the second one too many for a total; and its end. */
function scheduled(waitlistId: string) {
  const history = historyOf(waitlistId);
  history.define();
  for (const person of ["a", "b", "c", "d"]) history.join(person);
  const version = history.schedule({ count: 2, total: 3 });
  const runs = [
    history.run({ version, slot: 1, count: 2 }),
    history.run({ version, slot: 2, count: 2 }),
    history.run({ version, slot: 3, count: 1 }),
  ];
  history.run({ version, slot: 1, count: 1 });
  history.schedule({ count: 2, total: 3, state: "ended" });
  return { records: history.records, runs };
}

async function expectAsOnPaper(
  list: string,
  records: ReturnType<typeof eventful>,
  log: ReturnType<typeof keptFacts>,
) {
  const paper = createPaper();
  for (const record of records) paper.take(record);
  for (const { batchId, invited } of paper.batches.values()) {
    expect(log.allocated(batchId).map(({ inviteId }) => inviteId)).toEqual(
      invited.map(({ inviteId }) => inviteId),
    );
  }
  const stored = await roster.entries.find({ waitlistId: list }).toArray();
  const places = stored.flatMap((entry) => entry.places).sort((a, b) => a.position - b.position);
  const inPaperTerms = ({ inviteId, closed }: PlaceInvite) => {
    return { inviteId, how: closed?.requeued ? "requeued" : closed?.how, at: closed?.offset };
  };
  expect(places.map((place) => invitesOf(place).map(inPaperTerms))).toEqual(
    paper
      .places(list)
      .map(({ invites }) =>
        invites.map(({ inviteId, closed }) => ({ inviteId, how: closed?.how, at: closed?.offset })),
      ),
  );
}

test("an outage at any call of a batch leaves what the next attempt finishes", {
  timeout: 240_000,
}, async () => {
  let lasted = 0;
  // Every third call: that each one is survived is tested in memory, where it costs less.
  for (let calls = 0, failed = true; failed; calls += 3) {
    const list = `outage-${calls}`;
    const records = eventful(list);
    const log = keptFacts();
    const ports = await portsOf(roster, log.facts);
    const budget = { calls };
    const dying = {
      queue: failing(ports.queue, budget),
      batches: failing(ports.batches, budget),
      schedules: failing(ports.schedules, budget),
      codes: failing(ports.codes, budget),
      withdrawals: failing(ports.withdrawals, budget),
      facts: failing(ports.facts, budget),
    };
    failed = await handlerOver(roster, dying, IN_GROUPS)
      .apply(stretch(records, 0, records.length))
      .then(
        () => false,
        (error: unknown) => {
          expect(error).toBeInstanceOf(Outage);
          return true;
        },
      );
    const next = handlerOver(roster, ports, IN_GROUPS);
    await next.takeOver(0, 0);
    await next.apply(stretch(records, 0, records.length));
    await expectAsOnPaper(list, records, log);
    lasted = calls;
  }
  expect(lasted).toBeGreaterThan(25);
});

test("two owners at once mark and announce the same", async () => {
  const records = eventful("twice");
  const log = keptFacts();
  const ports = await portsOf(roster, log.facts);
  const other = await openTestRoster(inject("backing").mongodb, roster.db.databaseName);
  const otherPorts = await portsOf(other, log.facts);
  await Promise.all([
    handlerOver(roster, ports, IN_GROUPS).apply(stretch(records, 0, records.length)),
    handlerOver(other, otherPorts, IN_GROUPS).apply(stretch(records, 0, records.length)),
  ]);
  await other.close();
  await expectAsOnPaper("twice", records, log);
});

test("5,000 invites from a longer queue: in order, once each, in parts, finished after an outage", {
  timeout: 120_000,
}, async () => {
  const history = historyOf("long");
  history.define();
  for (let person = 0; person < 5500; person += 1) history.join(`person-${person}`);
  const next = history.records.length;
  history.batch("long-1", 5000);
  const log = keptFacts();
  const ports = await portsOf(roster, log.facts);
  const handler = handlerOver(roster, ports);
  for (let first = 0; first < next; first += 500) {
    await handler.apply(stretch(history.records, first, Math.min(next, first + 500)));
  }

  let beats = 0;
  const parts: number[] = [];
  const counted: Facts = {
    append: async (partition, events) => {
      if (parts.length === 4) throw new Outage("the log");
      parts.push(events.length);
      await log.facts.append(partition, events);
    },
  };
  const request = stretch(history.records, next, next + 1);
  const failed = handlerOver(roster, { ...ports, facts: counted }).apply({
    ...request,
    heartbeat: async () => {
      beats += 1;
    },
  });
  await expect(failed).rejects.toBeInstanceOf(Outage);
  expect(Math.max(...parts)).toBe(500);
  expect(beats).toBeGreaterThanOrEqual(10);
  expect(await ports.batches.find("long-1")).toMatchObject({ progress: { upTo: 2000 }, isOnLog: false });

  await handler.takeOver(0, next);
  await handler.apply(request);
  const allocated = log.allocated("long-1");
  expect(allocated.map(({ position }) => position)).toEqual(
    Array.from({ length: 5000 }, (_, index) => index + 1),
  );
  expect(log.kept).toHaveLength(5001);
  expect(new Set(allocated.map(({ code }) => code)).size).toBe(5000);
  expect(await roster.entries.countDocuments({ waitlistId: "long", status: "invited" })).toBe(5000);
  expect(log.kept.at(-1)).toMatchObject({ data: { batchId: "long-1", allocated: 5000, shortfall: 0 } });
});

test("an outage at any call of a schedule's run leaves what the next attempt finishes", async () => {
  let lasted = 0;
  for (let calls = 0, failed = true; failed; calls += 1) {
    const list = `scheduled-${calls}`;
    const { records, runs } = scheduled(list);
    const log = keptFacts();
    const ports = await portsOf(roster, log.facts);
    const budget = { calls };
    const dying = {
      ...ports,
      batches: failing(ports.batches, budget),
      schedules: failing(ports.schedules, budget),
      facts: failing(ports.facts, budget),
    };
    failed = await handlerOver(roster, dying)
      .apply(stretch(records, 0, records.length))
      .then(
        () => false,
        () => true,
      );
    const next = handlerOver(roster, ports);
    await next.takeOver(0, 0);
    await next.apply(stretch(records, 0, records.length));
    const counts = runs.map((batchId) => log.allocated(batchId).length);
    expect(counts).toEqual([2, 0, 1]);
    expect(await ports.schedules.find({ waitlistId: list, scheduleId: "daily" })).toMatchObject({
      ...{ state: "ended", asked: 3, lastSlot: 3 },
    });
    lasted = calls;
  }
  expect(lasted).toBeGreaterThan(10);
});

test("a schedule is replaced by what has seen more, and by nothing else", async () => {
  const { schedules } = await portsOf(roster, keptFacts().facts);
  const stored: Schedule = {
    ...{ waitlistId: "guarded", scheduleId: "daily", offset: 5, setAt: 0, setBy: "ada", state: "active" },
    ...{
      count: 2,
      cron: "0 9 * * *",
      timeZone: "UTC",
      note: "launch",
      asked: 0,
      lastSlot: null,
      settingIds: [],
    },
    lastOffset: 5,
  };
  await schedules.replace(null, stored);
  await schedules.replace(null, { ...stored, offset: 4, lastOffset: 4 });
  await schedules.replace(stored, { ...stored, asked: 9 });
  expect(await schedules.find(stored)).toEqual(stored);
  const { note, ...rest } = stored;
  const paused: Schedule = { ...rest, state: "paused", offset: 6, lastOffset: 6 };
  await schedules.replace(stored, paused);
  expect(await schedules.list("guarded")).toEqual([paused]);
  expect((await schedules.active()).some(({ waitlistId }) => waitlistId === "guarded")).toBe(false);
  expect(await schedules.find({ waitlistId: "guarded", scheduleId: "weekly" })).toBeNull();
});

test("nothing of a person is in the queue but their key", async () => {
  const history = historyOf("private");
  history.define();
  history.join("somebody");
  await handlerOver(roster, await portsOf(roster, keptFacts().facts)).apply(stretch(history.records, 0, 2));
  const stored = await roster.entries.findOne({ _id: entryIdOf(SECRET, "private", "somebody") });
  expect(JSON.stringify(stored)).not.toContain("example.com");
  expect(stored?.details).toBeNull();
});
