// Puts a schedule's setting on the log and waits a little until the invite service goes by it.
import { setTimeout as wait } from "node:timers/promises";
import { recurrenceError } from "@waitlist/calendar";
import {
  createEvent,
  type EventOf,
  ProblemError,
  type ScheduleRequest,
  type ScheduleState,
  type ScheduleView,
  type StoredSchedule,
  settingIdOf,
} from "@waitlist/contracts";
import {
  currentSetting,
  expectedView,
  isSet,
  type Setting,
  scheduleView,
  settingOf,
} from "./domain/schedules.ts";
import { EVENT_SOURCE } from "./event-source.ts";
import type { Clock, Definitions, EventLog, InviteSchedules } from "./ports.ts";
import { requireList } from "./require-list.ts";

export interface ScheduleChange {
  waitlistId: string;
  scheduleId: string;
  /** All of it, or its state alone. */
  wanted: ScheduleRequest | { state: ScheduleState };
  /** The `Idempotency-Key`. */
  key: string | undefined;
  /** The name of the admin key that asks. */
  requestedBy: string;
}

export interface ScheduleSet {
  schedule: ScheduleView;
  /** False where it is on the log, and the invite service hasn't got so far. */
  inForce: boolean;
}

interface Deps {
  log: EventLog;
  definitions: Definitions;
  schedules: InviteSchedules;
  clock: Clock;
  secret: string;
  /** Aborted when the service stops: nobody is kept waiting then. */
  stopping: AbortSignal;
  inForceWithinMs?: number;
}

const IN_FORCE_WITHIN_MS = 5000;
const POLL_MS = 50;

export type SetSchedule = (change: ScheduleChange) => Promise<ScheduleSet>;

/**
 * Creates or changes a schedule; where it is so already, nothing is written. What was set under the same key before undoes nothing
 * that came after it: the event's id is made of the key, so that this holds without Redis, too. Throws `ProblemError`: 400 with fields,
 * `waitlist-not-found`, `schedule-not-found` (a state of none), `schedule-ended`, 503.
 */
export function createSetSchedule(deps: Deps): SetSchedule {
  const { log, definitions, schedules, clock, secret } = deps;
  return async ({ waitlistId, scheduleId, wanted, key, requestedBy }) => {
    const name = { waitlistId, scheduleId };
    const id = key === undefined ? undefined : settingIdOf(secret, name, { key, wanted });
    const list = await requireList(definitions, waitlistId);
    const former = await schedules.find(waitlistId, scheduleId);
    const setting = changed(wanted, former, list.definition.timeZone);
    ensureRecurs(setting, clock());
    const isKnown = id !== undefined && former?.settingIds.includes(id);
    if (former && (isKnown || isSet(former, setting)))
      return { schedule: scheduleView(former), inForce: true };
    if (former?.setTo === "ended") throw new ProblemError("schedule-ended");
    const at = clock();
    const data = { ...name, ...setting, requestedBy };
    const origin = { source: EVENT_SOURCE, at, ...(id === undefined ? {} : { id }) };
    const event = createEvent("InviteScheduleSet", data, origin);
    const { offset } = await log.append(event);
    const stored = await storedFrom(deps, event, offset);
    return stored
      ? { schedule: scheduleView(stored), inForce: true }
      : { schedule: expectedView(data, former, at), inForce: false };
  };
}

function changed(
  wanted: ScheduleChange["wanted"],
  former: StoredSchedule | null,
  listTimeZone: string,
): Setting {
  if ("count" in wanted) return settingOf(wanted, former, listTimeZone);
  if (!former) throw new ProblemError("schedule-not-found");
  return { ...currentSetting(former), state: wanted.state };
}

function ensureRecurs(setting: Setting, now: number): void {
  const error = recurrenceError(setting, now);
  if (!error) return;
  const errors = [{ path: `/${error.field}`, message: error.message }];
  throw new ProblemError("invalid-request", undefined, { errors });
}

/**
 * The schedule once the invite service has taken this setting, at `offset` or where the same event stood before; null where
 * that takes long.
 */
async function storedFrom(
  { schedules, stopping, inForceWithinMs = IN_FORCE_WITHIN_MS }: Deps,
  { id, data: { waitlistId, scheduleId } }: EventOf<"InviteScheduleSet">,
  offset: number,
): Promise<StoredSchedule | null> {
  const deadline = performance.now() + inForceWithinMs;
  while (performance.now() < deadline && !stopping.aborted) {
    const found = await schedules.find(waitlistId, scheduleId).catch((error: unknown) => {
      // It is on the log, whether the invite service can be asked right now or not.
      if (error instanceof ProblemError) return null;
      throw error;
    });
    if (found && (found.offset >= offset || found.settingIds.includes(id))) return found;
    await wait(POLL_MS);
  }
  return null;
}
