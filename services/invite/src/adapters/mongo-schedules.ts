import { createIndexes, isDuplicateKey } from "@waitlist/roster";
import type { Collection, Db } from "mongodb";
import { SCHEDULE_INDEXES } from "../database.ts";
import type { Schedule, ScheduleName } from "../domain/schedule.ts";
import type { Schedules } from "../ports.ts";

interface ScheduleDocument extends Schedule {
  _id: string;
}

const keyOf = ({ waitlistId, scheduleId }: ScheduleName) => `${waitlistId}:${scheduleId}`;
const toSchedule = ({ _id, ...schedule }: ScheduleDocument): Schedule => schedule;

/** Schedules in MongoDB: there are few, and a document is each one's last word. */
export async function createMongoSchedules(db: Db): Promise<Schedules> {
  const schedules: Collection<ScheduleDocument> = db.collection("schedules");
  await createIndexes(db, SCHEDULE_INDEXES);
  return {
    find: async (name) => {
      const found = await schedules.findOne({ _id: keyOf(name) });
      return found ? toSchedule(found) : null;
    },
    replace: async (former, schedule) => {
      const _id = keyOf(schedule);
      if (former) {
        await schedules.replaceOne({ _id, lastOffset: { $lt: schedule.lastOffset } }, schedule);
        return;
      }
      await schedules.insertOne({ _id, ...schedule }).catch((error: unknown) => {
        // Another owner was here, and may be further.
        if (!isDuplicateKey(error)) throw error;
      });
    },
    list: (waitlistId) => schedules.find({ waitlistId }).sort({ _id: 1 }).map(toSchedule).toArray(),
    active: () => schedules.find({ state: "active" }).map(toSchedule).toArray(),
  };
}
