// Histories about schedules: settings of every kind, and proposals of runs as several timers with odd clocks make them.
import { createEvent, type ScheduleState, slotBatchIdOf, type WaitlistEvent } from "@waitlist/contracts";
import fc from "fast-check";
import { SECRET } from "./reference.ts";

export type ScheduleInput =
  | { op: "schedule"; which: number; state: ScheduleState; count: number; total?: number }
  /** Of the `back`-th version before the newest; now and then under the id of an admin's batch. */
  | { op: "run"; which: number; back: number; slot: number; count: number; borrowed: boolean };

const which = fc.constantFrom(0, 0, 0, 1);
const count = fc.integer({ min: 1, max: 3 });

export const scheduleInput: fc.Arbitrary<ScheduleInput> = fc.oneof(
  {
    weight: 2,
    arbitrary: fc.record(
      {
        op: fc.constant("schedule" as const),
        which,
        state: fc.constantFrom<ScheduleState[]>("active", "active", "active", "active", "paused", "ended"),
        count,
        total: fc.integer({ min: 2, max: 9 }),
      },
      { requiredKeys: ["op", "which", "state", "count"] },
    ),
  },
  {
    weight: 5,
    arbitrary: fc.record({
      op: fc.constant("run" as const),
      which,
      back: fc.constantFrom(0, 0, 0, 0, 1, 2),
      slot: fc.nat(9),
      count,
      borrowed: fc.constantFrom(false, false, false, false, false, true),
    }),
  },
);

const WAITLIST = "first";

/** The event of an input at the end of a log; a run of a schedule that was never set names none. */
export function scheduleEventOf(
  input: ScheduleInput,
  log: { offset: number; event: WaitlistEvent }[],
  origin: { source: string; at: number; id: string },
): WaitlistEvent {
  const about = { waitlistId: WAITLIST, scheduleId: `s${input.which}`, requestedBy: "test" };
  if (input.op === "schedule") {
    const { state, count: each, total } = input;
    const when = { state, count: each, cron: "0 9 * * *", timeZone: "UTC" };
    const data = { ...about, ...when, ...(total === undefined ? {} : { total }) };
    return createEvent("InviteScheduleSet", data, origin);
  }
  const versions = log.flatMap(({ offset, event }) =>
    event.type === "InviteScheduleSet" && event.data.scheduleId === about.scheduleId ? [offset] : [],
  );
  const { slot, back, borrowed, count: asked } = input;
  const scheduleOffset = versions.at(-1 - back) ?? 0;
  const batchId = borrowed ? "b-first-0" : slotBatchIdOf(SECRET, { ...about, offset: scheduleOffset }, slot);
  const data = { ...about, batchId, scheduleOffset, slot, count: asked };
  return createEvent("InviteBatchRequested", data, origin);
}
