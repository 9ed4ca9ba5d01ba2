// The schedules of a world in memory: what the port promises and no more, and with guards that can be left out.
import type { Schedule } from "../../src/domain/schedule.ts";
import type { Schedules } from "../../src/ports.ts";
import type { Step } from "./turns.ts";

/** What a planted control leaves out of what is kept of schedules. */
export interface ScheduleWeakness {
  /** A schedule is replaced whatever has happened to it. */
  unguardedSchedules?: true;
  /** Nobody sees that a schedule has seen a run already: a replay judges it anew. */
  judgedAnew?: true;
  /** A slot may be run again. */
  repeatedSlots?: true;
  /** A setting that comes again is in force again. */
  repeatedSettings?: true;
  /** The total limits nothing. */
  boundlessTotal?: true;
  /** A paused or ended schedule runs. */
  runsWhilePaused?: true;
}

const keyOf = ({ waitlistId, scheduleId }: Pick<Schedule, "waitlistId" | "scheduleId">) =>
  `${waitlistId}:${scheduleId}`;

export function schedulesOf(
  { schedules, weakness }: { schedules: Map<string, Schedule>; weakness: ScheduleWeakness },
  step: Step,
): Pick<Schedules, "find" | "replace"> {
  return {
    find: async (name) => {
      await step();
      const stored = schedules.get(keyOf(name));
      return stored ? weakened(stored, weakness) : null;
    },
    replace: async (_former, schedule) => {
      await step();
      const stored = schedules.get(keyOf(schedule));
      if (stored && stored.lastOffset >= schedule.lastOffset && !weakness.unguardedSchedules) return;
      schedules.set(keyOf(schedule), schedule);
    },
  };
}

function weakened(schedule: Schedule, weakness: ScheduleWeakness): Schedule {
  const { total, ...boundless } = schedule;
  return {
    ...(weakness.boundlessTotal ? boundless : schedule),
    ...(weakness.judgedAnew ? { lastOffset: -1 } : {}),
    ...(weakness.repeatedSlots ? { lastSlot: null } : {}),
    ...(weakness.repeatedSettings ? { settingIds: [] } : {}),
    ...(weakness.runsWhilePaused ? { state: "active" } : {}),
  };
}
