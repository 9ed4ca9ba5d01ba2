import { currentPlace, type Place } from "@waitlist/roster";
import { alreadyMailId, confirmationMailId } from "../domain/mail.ts";
import { type Happening, type MailPlan, NOTHING, queueFor, welcome } from "../domain/mail-plan.ts";
import { isStale, standingAt } from "../domain/notice.ts";

/**
 * A new place is welcomed; on a list with double opt-in its address is asked for a confirmation first. A repeat is
 * answered at the address of the place: not at the one that was just typed. Where the address could be read only when the
 * record was put back on the log, it is written to then; a mail that there is already is not queued again.
 */
export function onWaitlistJoined(happening: Happening, now: number): MailPlan {
  const { outcome } = happening;
  if (outcome.kind !== "placed" && outcome.kind !== "filled") return alreadyOnTheList(happening, now);
  const { place, kind } = outcome;
  // Confirmed by a mail of another build's: then it is welcomed now, or was before.
  const isConfirmed = kind === "filled" && place.confirmedOffset !== undefined;
  return place.needsConfirmation && !isConfirmed ? confirmation(happening, place) : welcome(happening, place);
}

const confirmation = (happening: Happening, place: Place): MailPlan =>
  queueFor(happening, place, {
    id: confirmationMailId(happening.entry.entryId, place.joinOffset),
    kind: "confirmation",
  });

/**
 * Judged by the stored entry and not by the outcome, so that a replay finishes what a crash cut off: the fold doesn't
 * say again what it has said of a repeat.
 */
function alreadyOnTheList(happening: Happening, now: number): MailPlan {
  const { record, entry } = happening;
  if (entry.details?.noticed?.offset !== record.offset || isStale(record.timestamp, now)) return NOTHING;
  const place = currentPlace(entry);
  // The place that was repeated may have ended since, and another one begun.
  if (place.joinOffset > record.offset) return NOTHING;
  return queueFor(happening, place, {
    id: alreadyMailId(entry.entryId, record.offset),
    kind: "already",
    standing: standingAt(place, record.offset),
  });
}
