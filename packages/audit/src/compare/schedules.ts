// Every schedule of one list in the invite service's database, held against the log: which setting is in force, and what
// its runs have asked for.
import type { Databases, ScheduleDocument } from "../databases/documents.ts";
import type { Difference } from "../findings.ts";
import type { PaperList } from "../paper/model.ts";

export interface ScheduleComparison {
  list: PaperList;
  databases: Pick<Databases, "schedules">;
  /** Offset of the first record that the log still has: a schedule that was set before is known by its runs alone. */
  start: number;
  /** Offset of the next record: what a later one has changed can't be compared. */
  end: number;
  report: (difference: Difference) => void;
}

/** As of the log's end, which the invite service must have reached. */
export async function compareSchedules({
  list,
  databases,
  start,
  end,
  report,
}: ScheduleComparison): Promise<void> {
  const { waitlistId, schedules } = list;
  const say = (offset: number, what: string) => report({ where: "invite", waitlistId, offset, what });
  const missing = new Map(schedules);
  for await (const document of databases.schedules(waitlistId)) {
    const { scheduleId, offset } = document;
    missing.delete(scheduleId);
    if (document.lastOffset >= end) continue;
    if (!schedules.has(scheduleId) && offset >= start)
      say(offset, `schedule ${scheduleId}, by the log there is none`);
    else for (const what of differences(list, document)) say(offset, `schedule ${scheduleId}: ${what}`);
  }
  for (const [scheduleId, { offset }] of missing) say(offset, `schedule ${scheduleId} isn't there`);
}

function differences({ schedules, runs }: PaperList, document: ScheduleDocument): string[] {
  const { scheduleId, offset, state, total, asked, lastSlot } = document;
  const setting = schedules.get(scheduleId);
  const run = runs.get(scheduleId);
  const pairs: [string, unknown, unknown][] = [
    ["asked for", asked, run?.asked ?? 0],
    ["last run", lastSlot, run?.lastSlot ?? null],
  ];
  if (setting) {
    pairs.push(["setting", offset, setting.offset]);
    pairs.push(["active", state === "active", setting.isActive]);
    pairs.push(["total", total ?? null, setting.total]);
  }
  return pairs
    .filter(([, found, right]) => found !== right)
    .map(([name, found, right]) => `${name}: ${found ?? "none"}, by the log ${right ?? "none"}`);
}
