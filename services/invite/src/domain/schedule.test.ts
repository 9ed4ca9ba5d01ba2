import { createEvent, type DataOf } from "@waitlist/contracts";
import { describe, expect, test } from "vitest";
import { requestedBatch } from "./batch.ts";
import { afterRun, judgeRun, type Run, type Schedule, type ScheduleSetting, settled } from "./schedule.ts";

const name = { waitlistId: "socialode", scheduleId: "daily" };
const run: Run = { ...name, offset: 7, slot: 900 };

const setting = (changes: Partial<DataOf<"InviteScheduleSet">>, offset = 7): ScheduleSetting => {
  const when = { cron: "0 9 * * *", timeZone: "UTC", requestedBy: "ada" };
  const data = { ...name, ...when, state: "active" as const, count: 2, ...changes };
  return {
    ...{ offset, timestamp: 1000 * offset },
    event: createEvent("InviteScheduleSet", data, { source: "/test", at: 0 }),
  };
};

const schedule: Schedule = settled(null, setting({ total: 5 }));

describe("a proposed run is one", () => {
  test("of what is in force, while that is active", () => {
    expect(judgeRun(schedule, run, 2)).toBe(true);
    expect(judgeRun(null, run, 2)).toBe(false);
    expect(judgeRun(schedule, { ...run, offset: 6 }, 2)).toBe(false);
    expect(judgeRun(settled(schedule, setting({}, 8)), run, 2)).toBe(false);
    for (const state of ["paused", "ended"] as const) {
      expect(judgeRun({ ...schedule, state }, run, 2)).toBe(false);
    }
  });

  test("of a slot later than the last one, of whatever version", () => {
    const ran = { ...schedule, lastSlot: 900 };
    expect(judgeRun(ran, run, 2)).toBe(false);
    expect(judgeRun(ran, { ...run, slot: 899 }, 2)).toBe(false);
    expect(judgeRun(ran, { ...run, slot: 901 }, 2)).toBe(true);
  });

  test("within the total, where there is one", () => {
    expect(judgeRun({ ...schedule, asked: 3 }, run, 2)).toBe(true);
    expect(judgeRun({ ...schedule, asked: 4 }, run, 2)).toBe(false);
    const { total, ...boundless } = schedule;
    expect(judgeRun({ ...boundless, asked: 4_000_000 }, run, 2)).toBe(true);
  });
});

test("a new version keeps what was asked for, and which slot was the last", () => {
  const request = createEvent(
    "InviteBatchRequested",
    { ...name, batchId: "s-1", count: 2, scheduleOffset: 7, slot: 900, requestedBy: "ada" },
    { source: "/test", at: 0 },
  );
  const batch = requestedBatch({ offset: 9, timestamp: 0, event: request }, 500);
  expect(batch.run).toEqual(run);
  const ran = afterRun(schedule, run, batch);
  expect(ran).toEqual({ ...schedule, asked: 2, lastSlot: 900, lastOffset: 9 });
  expect(settled(ran, setting({ count: 9 }, 11))).toMatchObject({
    ...{ offset: 11, count: 9, asked: 2, lastSlot: 900, lastOffset: 11, setAt: 11_000 },
  });
});

test("of a setting whose rest can't be read, what decides counts, and nothing else", () => {
  const unreadable = { ...setting({ note: "\u0000" }), unreadable: "note" };
  expect(settled(null, unreadable)).toMatchObject({ count: 2, setBy: "" });
  expect(settled(null, unreadable)).not.toHaveProperty("note");
});
