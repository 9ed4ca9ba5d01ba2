// Whether a dead letter may go back on the log, and what it comes to there. Pure.
import type { RedrivenPlace, StoredPlaces } from "@waitlist/contracts";
import type { Letter } from "./dead-letters.ts";

/** The last of these counts: an old one that comes back would undo a newer one. */
const LAST_ONE_COUNTS: ReadonlySet<string> = new Set(["WaitlistDefined", "InviteScheduleSet"]);

/** What stands against it, in a sentence; null where nothing does. */
export function objectionTo({ event, cause }: Letter): string | null {
  if (event.kind === "unreadable") {
    return `This build can't read it either (${cause}): deploy one that can, or discard it.`;
  }
  if (LAST_ONE_COUNTS.has(event.type)) {
    return "It would undo what was set since: make the request anew, and discard it.";
  }
  return null;
}

/** What a join comes to, by the places that its person has had; an objection where it must not come back. */
export function placeFor(
  { offset, event }: Letter,
  { places, repeatIds, erased }: StoredPlaces,
): { place: RedrivenPlace } | { objection: string } {
  // Redriven before, by a request that was cut off: it has its place already.
  const again = places.find(({ eventId, joinOffset }) => eventId === event.eventId && joinOffset > offset);
  if (again) return { place: "end" };
  if (erased) return { objection: "The person was erased since: discard it." };
  const own = places.find(({ joinOffset }) => joinOffset === offset);
  if (own?.endOffset !== undefined) return { objection: "Its place was given up since: discard it." };
  if (own || places.some(({ endOffset }) => endOffset === undefined)) return { place: "kept" };
  const wasRepeat = event.eventId !== undefined && repeatIds.includes(event.eventId);
  return wasRepeat
    ? { objection: "It repeated a signup whose place was given up since: discard it." }
    : { place: "end" };
}

const NOTES: Record<RedrivenPlace, string> = {
  end: "The signup takes the next place, at the end of the list: nobody who signed up since loses theirs.",
  kept: "No new place: the signup's own is filled, or the person has one by now.",
};

/** In a sentence, for whoever asked. */
export const noteOf = (place: RedrivenPlace | undefined): string =>
  place === undefined ? "It counts where it stands now, if it had not counted before." : NOTES[place];
