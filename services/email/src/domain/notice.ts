// "You are already on the list": which repeats of a signup are answered with a mail.
import { invitesOf, type Place } from "@waitlist/roster";
import type { Standing } from "./mail.ts";

/**
 * One mail an hour at most, in milliseconds, by the log's own time: an hour from the last one, whatever place it was
 * about. Where the log's clock goes back, no further one is sent until it has caught up.
 */
export const NOTICE_EVERY_MS = 60 * 60 * 1000;

/** The repeat that was last answered: where it stands on the log, and since when, in milliseconds. */
export interface Notice {
  offset: number;
  at: number;
}

export const isDue = (last: Notice | undefined, at: number): boolean =>
  last === undefined || at - last.at >= NOTICE_EVERY_MS;

/**
 * Whether a mail about a repeat at `at` comes too late to be understood, `now`; both in milliseconds. Whoever catches
 * up on yesterday's history leaves it out: nobody remembers having typed the address.
 */
export const isStale = (at: number, now: number): boolean => now - at >= NOTICE_EVERY_MS;

/**
 * How a place stood just before an offset. What became of an invite changes nothing, unless the place waits again:
 * nobody who was invited has anything to confirm.
 */
export function standingAt(place: Place, offset: number): Standing {
  const isBefore = (other: number | undefined) => other !== undefined && other < offset;
  const invite = invitesOf(place).findLast((each) => isBefore(each.offset));
  if (invite) return invite.closed?.requeued && isBefore(invite.closed.seenOffset) ? "waiting" : "invited";
  return place.needsConfirmation && !isBefore(place.confirmedOffset) ? "pending" : "waiting";
}
