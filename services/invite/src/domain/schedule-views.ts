// Schedules as others see them.
import type { StoredSchedule } from "@waitlist/contracts";
import { isFinished, nextSlot } from "./due.ts";
import type { Schedule } from "./schedule.ts";

const isoTime = (ms: number) => new Date(ms).toISOString();

/** A schedule as of `now`, in milliseconds. */
export function toStoredSchedule(schedule: Schedule, now: number): StoredSchedule {
  const { waitlistId, scheduleId, offset, count, cron, timeZone, total, note, asked, settingIds } = schedule;
  const next = nextSlot(schedule, now);
  const isOver = schedule.state !== "ended" && isFinished(schedule);
  return {
    ...{ waitlistId, scheduleId, offset, count, cron, timeZone, asked, settingIds },
    state: isOver ? "finished" : schedule.state,
    setTo: schedule.state,
    ...(total === undefined ? {} : { total }),
    ...(next === null ? {} : { nextAt: isoTime(next) }),
    ...(schedule.lastSlot === null ? {} : { lastAt: isoTime(schedule.lastSlot) }),
    ...(note === undefined ? {} : { note }),
    setAt: isoTime(schedule.setAt),
    setBy: schedule.setBy,
  };
}
