// Schedules as the log sets them, and which of the runs that timers propose are runs.
import { type Batch, isSame } from "../domain/batch.ts";
import { afterRun, judgeRun, type Schedule, type ScheduleSetting, settled } from "../domain/schedule.ts";
import type { Batches, Schedules } from "../ports.ts";

const isRepeated = ({ settingIds }: Schedule, { event }: ScheduleSetting) => settingIds.includes(event.id);

export interface Scheduling {
  /** Takes a setting, once; every earlier record of the partition has been taken. */
  set(record: ScheduleSetting): Promise<void>;
  /** Whether this batch is to be run; of a schedule's, as it was at the batch's own offset. The same in a replay. */
  mayRun(batch: Batch): Promise<boolean>;
}

export function createScheduling({
  schedules,
  batches,
}: {
  schedules: Pick<Schedules, "find" | "replace">;
  batches: Pick<Batches, "find" | "register">;
}): Scheduling {
  return {
    set: async (record) => {
      const former = await schedules.find(record.event.data);
      if (former && (former.lastOffset >= record.offset || isRepeated(former, record))) return;
      await schedules.replace(former, settled(former, record));
    },
    mayRun: async (batch) => {
      const { run } = batch;
      if (!run) return true;
      const schedule = await schedules.find(run);
      // Judged already, and the schedule has changed since: what was registered before it changed was a run.
      if (schedule && schedule.lastOffset >= batch.offset) {
        const registered = await batches.find(batch.batchId);
        return registered !== null && isSame(registered, batch);
      }
      if (!judgeRun(schedule, run, batch.count)) return false;
      if (!isSame(await batches.register(batch), batch)) return false;
      await schedules.replace(schedule, afterRun(schedule, run, batch));
      return true;
    },
  };
}
