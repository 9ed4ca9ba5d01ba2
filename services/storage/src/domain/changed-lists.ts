import type { RosterRecord } from "@waitlist/roster";

/**
 * Lists of which these records store something but new places, so that what others see may have changed. Judged by the
 * kind of record alone: one that was stored by an attempt that died is told of by the next, whatever that still does.
 */
export const changedLists = (records: readonly Pick<RosterRecord, "event">[]): string[] => [
  ...new Set(
    records.filter(({ event }) => event.type !== "WaitlistJoined").map(({ event }) => event.data.waitlistId),
  ),
];
