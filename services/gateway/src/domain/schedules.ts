// Schedules of invites as admins set and see them.
import type {
  DataOf,
  ScheduleRequest,
  ScheduleState,
  ScheduleView,
  StoredSchedule,
} from "@waitlist/contracts";

/** What a schedule is set to. */
export type Setting = Pick<ScheduleRequest, "count" | "cron" | "total" | "note"> & {
  timeZone: string;
  state: ScheduleState;
};

/** What is asked for, with what it leaves open: a changed schedule stays paused, a new one is active. */
export function settingOf(
  { timeZone, state, ...asked }: ScheduleRequest,
  former: StoredSchedule | null,
  listTimeZone: string,
): Setting {
  return { ...asked, timeZone: timeZone ?? listTimeZone, state: state ?? former?.setTo ?? "active" };
}

/** What a schedule is set to now. */
export const currentSetting = ({
  count,
  cron,
  timeZone,
  total,
  note,
  setTo: state,
}: StoredSchedule): Setting => ({
  ...{ count, cron, timeZone, state },
  ...(total === undefined ? {} : { total }),
  ...(note === undefined ? {} : { note }),
});

const FIELDS = ["count", "cron", "timeZone", "total", "note", "state"] as const;

/** Whether there is nothing to change: setting it anew would only forget what is due. */
export const isSet = (former: StoredSchedule, setting: Setting): boolean => {
  const current = currentSetting(former);
  return FIELDS.every((field) => current[field] === setting[field]);
};

/** What everybody may see of a stored one. */
export const scheduleView = ({ offset, setTo, settingIds, ...view }: StoredSchedule): ScheduleView => view;

/** A schedule as it will be once this setting, of the time `at`, is in force. */
export function expectedView(
  { requestedBy, ...setting }: DataOf<"InviteScheduleSet">,
  former: StoredSchedule | null,
  at: number,
): ScheduleView {
  return {
    ...setting,
    asked: former?.asked ?? 0,
    ...(former?.lastAt === undefined ? {} : { lastAt: former.lastAt }),
    setAt: new Date(at).toISOString(),
    setBy: requestedBy,
  };
}
