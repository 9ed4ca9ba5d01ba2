import { describe, expect, test } from "vitest";
import { isDue, isFinished, nextSlot, runProposal } from "./due.ts";
import type { Schedule } from "./schedule.ts";
import { toStoredSchedule } from "./schedule-views.ts";

const at = (iso: string) => Date.parse(iso);

/** 200 a day at 09:00 in Berlin until 1,000, set on the first of March. */
const scheduleWith = (changes: Partial<Schedule> = {}): Schedule => ({
  ...{ waitlistId: "socialode", scheduleId: "daily", offset: 7, state: "active", count: 200 },
  ...{ cron: "0 9 * * *", timeZone: "Europe/Berlin", total: 1000, asked: 0, lastSlot: null, settingIds: [] },
  ...{ setAt: at("2026-03-01T12:00:00Z"), setBy: "ada", lastOffset: 7 },
  ...changes,
});

describe("what is due", () => {
  test("nothing, until the first slot after the schedule was set", () => {
    expect(isDue(scheduleWith(), at("2026-03-01T12:00:01Z"))).toBeNull();
    expect(isDue(scheduleWith(), at("2026-03-02T07:59:59.999Z"))).toBeNull();
    expect(isDue(scheduleWith(), at("2026-03-02T08:00:00Z"))).toEqual({
      slot: at("2026-03-02T08:00:00Z"),
      count: 200,
    });
  });

  test("a slot once, whatever the clock says afterwards", () => {
    const ran = scheduleWith({ lastSlot: at("2026-03-02T08:00:00Z"), asked: 200 });
    for (const now of ["2026-03-01T00:00:00Z", "2026-03-02T08:00:00Z", "2026-03-03T07:59:59Z"]) {
      expect(isDue(ran, at(now))).toBeNull();
    }
    expect(isDue(ran, at("2026-03-03T08:00:00Z"))?.slot).toBe(at("2026-03-03T08:00:00Z"));
  });

  test("of the slots that were missed, the latest alone", () => {
    const due = isDue(scheduleWith(), at("2026-03-08T20:00:00Z"));
    expect(due?.slot).toBe(at("2026-03-08T08:00:00Z"));
  });

  test("nothing of what a schedule missed while it was paused", () => {
    const resumed = scheduleWith({ setAt: at("2026-03-05T10:00:00Z"), lastSlot: at("2026-03-02T08:00:00Z") });
    expect(isDue(resumed, at("2026-03-05T11:00:00Z"))).toBeNull();
  });

  test("what is left of the total at most, and nothing once it was asked for", () => {
    const now = at("2026-03-06T08:00:00Z");
    expect(isDue(scheduleWith({ asked: 900 }), now)?.count).toBe(100);
    expect(isDue(scheduleWith({ asked: 1000 }), now)).toBeNull();
    expect(isFinished(scheduleWith({ asked: 1000 }))).toBe(true);
    expect(isDue(scheduleWith({ total: 500, asked: 900 }), now)).toBeNull();
  });

  test.for(["paused", "ended"] as const)("nothing while it is %s", (state) => {
    expect(isDue(scheduleWith({ state }), at("2026-03-06T08:00:00Z"))).toBeNull();
    expect(nextSlot(scheduleWith({ state }), at("2026-03-06T08:00:00Z"))).toBeNull();
  });

  test("nothing of a pattern that nobody can read", () => {
    expect(isDue(scheduleWith({ cron: "every morning" }), at("2026-03-06T08:00:00Z"))).toBeNull();
    expect(nextSlot(scheduleWith({ cron: "every morning" }), 0)).toBeNull();
  });
});

test("the next slot is the one that is due, or else the next to come", () => {
  expect(nextSlot(scheduleWith(), at("2026-03-01T13:00:00Z"))).toBe(at("2026-03-02T08:00:00Z"));
  expect(nextSlot(scheduleWith(), at("2026-03-02T08:00:00.500Z"))).toBe(at("2026-03-02T08:00:00Z"));
  const ran = scheduleWith({ lastSlot: at("2026-03-02T08:00:00Z") });
  expect(nextSlot(ran, at("2026-03-01T00:00:00Z"))).toBe(at("2026-03-03T08:00:00Z"));
});

test("whoever proposes a slot proposes the same batch, another for each version", () => {
  const run = { slot: at("2026-03-02T08:00:00Z"), count: 200 };
  const origin = { at: 5, secret: "one secret for all" };
  const [one, other] = [scheduleWith({ note: "launch" }), scheduleWith({ offset: 9 })].map((schedule) => {
    const event = runProposal(schedule, run, origin);
    return event.type === "InviteBatchRequested" ? event.data : undefined;
  });
  expect(one).toEqual({
    ...{ waitlistId: "socialode", batchId: expect.stringMatching(/^s-[a-z2-7]{20}$/), count: 200 },
    ...{ note: "launch", scheduleId: "daily", scheduleOffset: 7, slot: run.slot, requestedBy: "ada" },
  });
  expect(other?.batchId).not.toBe(one?.batchId);
  expect(runProposal(scheduleWith(), run, { ...origin, at: 6 }).data).toMatchObject({
    batchId: one?.batchId,
  });
});

test("a schedule whose total was asked for is shown as finished, and when it runs next isn't", () => {
  const shown = toStoredSchedule(
    scheduleWith({ asked: 1000, lastSlot: at("2026-03-02T08:00:00Z") }),
    at("2026-03-02T09:00:00Z"),
  );
  expect(shown).toEqual({
    ...{
      waitlistId: "socialode",
      scheduleId: "daily",
      offset: 7,
      settingIds: [],
      setTo: "active",
      state: "finished",
    },
    ...{ count: 200, cron: "0 9 * * *", timeZone: "Europe/Berlin", total: 1000, asked: 1000, setBy: "ada" },
    ...{ lastAt: "2026-03-02T08:00:00.000Z", setAt: "2026-03-01T12:00:00.000Z" },
  });
});
