// Places: who has which number, and what became of it.
import type { DataOf } from "@waitlist/contracts";
import { isOpen, type LogRecord, lookAgain, type PaperInvite, type PaperList, placeOf } from "./model.ts";

/** The services promise to know so many repeats of an entry again, and no more. */
const REMEMBERED_REPEATS = 32;

/** A join opens a place with the next number, unless it is a copy of an earlier record or a place is open. */
export function join(list: PaperList, { event, offset }: LogRecord, data: DataOf<"WaitlistJoined">): void {
  const { entryId, needsConfirmation } = data;
  const entry = list.entries.get(entryId) ?? { places: [], repeatIds: [] };
  const isCopy =
    entry.places.some(({ eventId }) => eventId === event.id) || entry.repeatIds.includes(event.id);
  if (isCopy) return;
  if (entry.places.some(isOpen)) {
    entry.repeatIds = [...entry.repeatIds, event.id].slice(-REMEMBERED_REPEATS);
    return;
  }
  const place = {
    ...{ entryId, joinOffset: offset, eventId: event.id, needsConfirmation },
    position: (list.places.at(-1)?.position ?? 0) + 1,
    index: list.places.length,
    ...{ decided: { given: [] }, told: { given: [] } },
  };
  entry.places.push(place);
  list.entries.set(entryId, entry);
  list.places.push(place);
}

/** A confirmation of an open place that waits for one; the first counts. */
export function confirm(list: PaperList, offset: number, data: DataOf<"EntryConfirmed">): void {
  const place = placeOf(list, data.entryId, data.joinOffset);
  if (!place || !isOpen(place) || !place.needsConfirmation || place.confirmedOffset !== undefined) return;
  place.confirmedOffset = offset;
  lookAgain(list, place.index);
}

/** Ends a place; returns the invite that was open on it. */
export function end(
  list: PaperList,
  offset: number,
  data: DataOf<"EntryLeft" | "EntryErased">,
): PaperInvite | undefined {
  const place = placeOf(list, data.entryId, data.joinOffset);
  if (!place || !isOpen(place)) return undefined;
  place.endOffset = offset;
  const last = place.decided.given.at(-1);
  return last?.closed ? undefined : last;
}
