// Schedules with one of the guards around them left out: what the property has to notice.
import { isScheduleSetting } from "../../src/domain/schedule.ts";
import type { Scheduling } from "../../src/handlers/scheduling.ts";
import type { Schedules } from "../../src/ports.ts";
import type { World } from "./world.ts";

/** The handler as it is where the world has no weakness. */
export function weakenedScheduling(
  { weakness, log }: World,
  scheduling: Scheduling,
  { schedules }: { schedules: Pick<Schedules, "find"> },
): Scheduling {
  return {
    set: async (record) => {
      const { waitlistId, scheduleId } = record.event.data;
      const latest = log
        .filter(isScheduleSetting)
        .findLast(({ event: { data } }) => data.waitlistId === waitlistId && data.scheduleId === scheduleId);
      await scheduling.set((weakness.latestSchedule && latest) || record);
    },
    mayRun: async (batch) => {
      const { run } = batch;
      if (!run || !weakness.anyVersion) return scheduling.mayRun(batch);
      const schedule = await schedules.find(run);
      return scheduling.mayRun(schedule ? { ...batch, run: { ...run, offset: schedule.offset } } : batch);
    },
  };
}
