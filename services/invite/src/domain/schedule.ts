// A schedule of invites: what the log has set it to, and what its runs have asked for.
import type { EventOf, ScheduleState } from "@waitlist/contracts";
import type { RosterRecord } from "@waitlist/roster";

export type ScheduleSetting = RosterRecord & { event: EventOf<"InviteScheduleSet"> };
export const isScheduleSetting = (record: RosterRecord): record is ScheduleSetting =>
  record.event.type === "InviteScheduleSet";

/** A schedule's name: one of its list. */
export interface ScheduleName {
  waitlistId: string;
  scheduleId: string;
}

export interface Schedule extends ScheduleName {
  /** Offset of the setting in force: the schedule's version. */
  offset: number;
  /** That setting's time on the log, in milliseconds, and the name of the admin key. */
  setAt: number;
  setBy: string;
  state: ScheduleState;
  /** How many each run invites. */
  count: number;
  cron: string;
  timeZone: string;
  /** How many its runs may ask for in all, of every version. */
  total?: number;
  note?: string;
  /** How many its runs have asked for, of every version. */
  asked: number;
  /** The slot of its last run, of whatever version, in milliseconds. */
  lastSlot: number | null;
  /** Event ids of the newest settings: one that comes again, as a producer's retry may, sets nothing back. */
  settingIds: string[];
  /** The last record that has changed any of this. */
  lastOffset: number;
}

/** How many settings are remembered. */
const REMEMBERED_SETTINGS = 32;

/** Which slot of which version of a schedule a batch is. */
export interface Run extends ScheduleName {
  /** Offset of the setting that it runs. */
  offset: number;
  /** When it was due, in milliseconds. */
  slot: number;
}

/** The schedule from this record on; what was asked for and run stays. */
export function settled(former: Schedule | null, { event, offset, timestamp, unreadable }: ScheduleSetting) {
  const { waitlistId, scheduleId, state, count, cron, timeZone, total, note, requestedBy } = event.data;
  const said = unreadable ? { setBy: "" } : { setBy: requestedBy, ...(note === undefined ? {} : { note }) };
  const schedule: Schedule = {
    ...{ waitlistId, scheduleId, offset, setAt: timestamp, state, count, cron, timeZone },
    ...(total === undefined ? {} : { total }),
    ...said,
    asked: former?.asked ?? 0,
    lastSlot: former?.lastSlot ?? null,
    settingIds: [...(former?.settingIds ?? []), event.id].slice(-REMEMBERED_SETTINGS),
    lastOffset: offset,
  };
  return schedule;
}

/**
 * Whether a run is one: by the schedule as of the run's own offset. Timers only propose runs, several of them and with
 * whatever clocks: so each slot is run once, and never more than the total is asked for.
 */
export function judgeRun(schedule: Schedule | null, run: Run, count: number): schedule is Schedule {
  if (!schedule || schedule.offset !== run.offset || schedule.state !== "active") return false;
  if (schedule.lastSlot !== null && run.slot <= schedule.lastSlot) return false;
  return schedule.total === undefined || schedule.asked + count <= schedule.total;
}

/** The schedule after a run of it, which stands at this offset. */
export const afterRun = (
  schedule: Schedule,
  { slot }: Run,
  { count, offset }: { count: number; offset: number },
): Schedule => ({
  ...schedule,
  asked: schedule.asked + count,
  lastSlot: slot,
  lastOffset: offset,
});
