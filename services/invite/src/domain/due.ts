// When a schedule runs, and what it asks for then.
import { latestSlot, slotAfter } from "@waitlist/calendar";
import { createEvent, slotBatchIdOf, type WaitlistEvent } from "@waitlist/contracts";
import { SOURCE } from "./facts.ts";
import type { Schedule } from "./schedule.ts";

/** A run to be proposed. */
export interface DueRun {
  /** Milliseconds. */
  slot: number;
  count: number;
}

/** What the next run asks for: what is left of the total at most. */
const nextCount = ({ count, total, asked }: Schedule): number =>
  total === undefined ? count : Math.min(count, Math.max(0, total - asked));

/** Everything of its total was asked for. */
export const isFinished = (schedule: Schedule): boolean => nextCount(schedule) === 0;

/** Only slots after this are run: what was due before the schedule was set as it is isn't made up for. */
const lastDealtWith = ({ setAt, lastSlot }: Schedule): number => Math.max(setAt, lastSlot ?? 0);

const goesOn = (schedule: Schedule): boolean => schedule.state === "active" && !isFinished(schedule);

/** The run that is due at `now` (milliseconds), or null. Of slots that were missed it is the latest alone. */
export function isDue(schedule: Schedule, now: number): DueRun | null {
  if (!goesOn(schedule)) return null;
  const slot = latestSlot(schedule, now);
  return slot !== null && slot > lastDealtWith(schedule) ? { slot, count: nextCount(schedule) } : null;
}

/** When it runs next, as of `now`: at once where it is due. Both in milliseconds; null where it doesn't. */
export function nextSlot(schedule: Schedule, now: number): number | null {
  if (!goesOn(schedule)) return null;
  return isDue(schedule, now)?.slot ?? slotAfter(schedule, Math.max(now, lastDealtWith(schedule)));
}

/** The proposal of a run, made `at` (milliseconds): one slot of one version is one batch, whoever proposes it. */
export function runProposal(
  schedule: Schedule,
  { slot, count }: DueRun,
  { at, secret }: { at: number; secret: string },
): WaitlistEvent {
  const { waitlistId, scheduleId, offset, note, setBy } = schedule;
  const batchId = slotBatchIdOf(secret, schedule, slot);
  const data = {
    ...{ waitlistId, batchId, count, scheduleId, scheduleOffset: offset, slot, requestedBy: setBy },
    ...(note === undefined ? {} : { note }),
  };
  return createEvent("InviteBatchRequested", data, { source: SOURCE, at });
}
