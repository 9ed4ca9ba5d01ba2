// Where an accepted signup stands in its list's order.
import type { ReceiptView, StoredPlace, StoredPlaces } from "@waitlist/contracts";

type ReceiptPlace = NonNullable<ReceiptView["place"]>;

/**
 * By the event's id first: a producer's retry may have put the same event on the log twice, the first time below the
 * offset that was acknowledged, and there it took its place or repeated another. Only where the id says nothing, it is a
 * repeat of the place that was open at the receipt's offset; and nothing is sure before storage has got past that.
 */
export function receiptPlace(
  { places, repeatIds, next }: StoredPlaces,
  { eventId, offset }: { eventId: string; offset: number },
): ReceiptPlace {
  const own = places.find((place) => place.eventId === eventId);
  if (own) return { outcome: "placed", ...shown(own) };
  const open = places.find(
    ({ joinOffset, endOffset = Number.POSITIVE_INFINITY }) => joinOffset < offset && offset < endOffset,
  );
  // Remembered, but no place was open at the offset: the one before it, which ended between the two records.
  const repeated = repeatIds.includes(eventId)
    ? (open ?? places.findLast(({ joinOffset }) => joinOffset < offset))
    : open;
  const isSure = repeatIds.includes(eventId) || next > offset;
  if (!isSure) return { outcome: "not-stored-yet" };
  return repeated ? { outcome: "repeated", ...shown(repeated) } : { outcome: "no-place" };
}

const shown = ({ position, joinOffset, joinedAt, endOffset }: StoredPlace) => ({
  ...{ position, joinOffset, joinedAt },
  ended: endOffset !== undefined,
});
