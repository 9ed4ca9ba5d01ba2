// Schedules: which of the runs that a timer proposed are batches, and which are void.
import type { DataOf } from "@waitlist/contracts";
import type { PaperList } from "./model.ts";

/** A schedule's run, as its request names it. */
export interface Run {
  scheduleId: string;
  /** Of the `InviteScheduleSet` that it runs. */
  scheduleOffset: number;
  /** The slot's time, in milliseconds. */
  slot: number;
  count: number;
}

/** The run that a batch request is, if it is one. */
export function runOf(data: DataOf<"InviteBatchRequested">): Run | null {
  const { scheduleId, scheduleOffset, slot } = data;
  if (scheduleId === undefined || scheduleOffset === undefined || slot === undefined) return null;
  return { scheduleId, scheduleOffset, slot, count: data.count ?? 0 };
}

export function setSchedule(list: PaperList, offset: number, data: DataOf<"InviteScheduleSet">): void {
  const { scheduleId, state, total } = data;
  list.schedules.set(scheduleId, { offset, isActive: state === "active", total: total ?? null });
}

/**
 * Takes a run, or refuses it: a run counts only for the schedule in force, while that is active, for a later slot than
 * any before, and within its total.
 */
export function takeRun(list: PaperList, run: Run, isKnown?: boolean): boolean {
  const { scheduleId, scheduleOffset, slot, count } = run;
  const runs = list.runs.get(scheduleId) ?? { asked: 0, lastSlot: Number.NEGATIVE_INFINITY };
  const schedule = list.schedules.get(scheduleId);
  const counts =
    schedule?.offset === scheduleOffset &&
    schedule.isActive &&
    slot > runs.lastSlot &&
    (schedule.total === null || runs.asked + count <= schedule.total);
  if (!(isKnown ?? counts)) return false;
  list.runs.set(scheduleId, { asked: runs.asked + count, lastSlot: Math.max(slot, runs.lastSlot) });
  return true;
}
