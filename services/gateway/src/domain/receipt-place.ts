// Where an accepted signup stands in its list's order.
import type { ReceiptView, StoredPlaces } from "@waitlist/contracts";

type ReceiptPlace = NonNullable<ReceiptView["place"]>;

/**
 * By the event's id first: a producer's retry may have put the same event on the log twice, and the place is at the
 * first one. A repeat stands for the place that was open at its offset.
 */
export function receiptPlace(
  stored: StoredPlaces | null,
  { eventId, offset }: { eventId: string; offset: number },
): ReceiptPlace {
  const own = stored?.places.find((place) => place.eventId === eventId);
  if (own) return { outcome: "placed", ...shown(own) };
  const open = stored?.places.find(
    ({ joinOffset, endOffset = Number.POSITIVE_INFINITY }) => joinOffset < offset && offset < endOffset,
  );
  const isRemembered = stored?.repeatIds.includes(eventId) ?? false;
  // Not remembered and not passed: the record may still be on its way into the database.
  const isPassed = (stored?.lastOffset ?? -1) >= offset;
  return open && (isRemembered || isPassed)
    ? { outcome: "repeated", ...shown(open) }
    : { outcome: "not-stored-yet" };
}

const shown = ({ position, joinOffset, endOffset }: StoredPlaces["places"][number]) => ({
  position,
  joinOffset,
  ended: endOffset !== undefined,
});
