import type { EventType } from "@waitlist/contracts";
import type { RosterRecord } from "@waitlist/roster";

/** What changes nothing that others see. */
const UNSEEN: ReadonlySet<EventType> = new Set([
  "WaitlistJoined",
  "EntryUndeliverable",
  "MailResendRequested",
]);

/**
 * Lists of which these records store something but new places, so that what others see may have changed. Judged by the
 * kind of record alone: one that was stored by an attempt that died is told of by the next, whatever that still does.
 */
export const changedLists = (records: readonly Pick<RosterRecord, "event">[]): string[] => [
  ...new Set(
    records.filter(({ event }) => !UNSEEN.has(event.type)).map(({ event }) => event.data.waitlistId),
  ),
];
