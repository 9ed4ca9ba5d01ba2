// When a schedule is due: cron patterns of five fields, in a time zone.
import { Cron } from "croner";

/** When, as an admin says it: five fields of cron, read in an IANA time zone. */
export interface Recurrence {
  cron: string;
  timeZone: string;
}

/**
 * A time of day that the clocks skip in spring is due when they have skipped it, one that they show twice in autumn at the
 * first showing; only what recurs by itself (`*`, steps) goes by the hours that there are.
 */
const RULES = { mode: "5-part", fixedTimeRule: "no-wildcard" } as const;

/** Five fields and a blank between each: no nicknames, no dates, and nothing (`?`) that means something else each time. */
const FIVE_FIELDS = /^[0-9A-Za-z*,/#+-]+( [0-9A-Za-z*,/#+-]+){4}$/;

/** What is wrong with it, or null where it can be read and is due some day after `now` (milliseconds). */
export function recurrenceError(
  { cron, timeZone }: Recurrence,
  now: number,
): { field: keyof Recurrence; message: string } | null {
  if (!patternOf({ cron, timeZone: "UTC" })) {
    return { field: "cron", message: "is not a cron pattern of five fields" };
  }
  const pattern = patternOf({ cron, timeZone });
  if (!pattern) return { field: "timeZone", message: "is not an IANA time zone" };
  return pattern.nextRun(new Date(now)) ? null : { field: "cron", message: "never comes" };
}

/** The first slot later than `after`; both in milliseconds. Null where none comes, or nobody can read it. */
export const slotAfter = (recurrence: Recurrence, after: number): number | null =>
  patternOf(recurrence)?.nextRun(new Date(after))?.getTime() ?? null;

/** The latest slot not later than `upTo`; both in milliseconds. Null where none was, or nobody can read it. */
export const latestSlot = (recurrence: Recurrence, upTo: number): number | null =>
  // What is asked for is the last one before a reference.
  patternOf(recurrence)
    ?.previousRuns(1, new Date(upTo + 1))[0]
    ?.getTime() ?? null;

function patternOf({ cron, timeZone }: Recurrence): Cron | null {
  if (!FIVE_FIELDS.test(cron) || !isTimeZone(timeZone)) return null;
  try {
    return new Cron(cron, { ...RULES, timezone: timeZone });
  } catch (error) {
    // How the library says that it can't read a pattern.
    if (error instanceof TypeError || error instanceof RangeError) return null;
    throw error;
  }
}

function isTimeZone(timeZone: string): boolean {
  try {
    return new Intl.DateTimeFormat("en", { timeZone }).resolvedOptions().timeZone !== "";
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}
