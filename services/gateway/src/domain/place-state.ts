// What is known of the place that a token names, before its holder does something with it.
import type { EntryStatus, StoredPlaces } from "@waitlist/contracts";

/**
 * - `unconfirmed`: it is somebody's who hasn't confirmed it; `open`: it is somebody's; `ended`: it was given up;
 * - `none`: there surely is no such place; `unknown`: it isn't stored yet, or nobody can be asked.
 */
export type PlaceState = "unconfirmed" | "open" | "ended" | "none" | "unknown";

const BY_STATUS: Partial<Record<EntryStatus, PlaceState>> = {
  pending: "unconfirmed",
  waiting: "open",
  left: "ended",
};

/**
 * By the newest place of the entry, as the read model has it: everything below `next` is in it. Null where its status
 * doesn't tell: whoever was invited by name may not have confirmed.
 */
export function stateByNewest(
  { entry, next }: { entry: { joinOffset: number; status: EntryStatus } | null; next: number },
  joinOffset: number,
): PlaceState | null {
  if (entry?.joinOffset === joinOffset) return BY_STATUS[entry.status] ?? null;
  // They left and joined again.
  if (entry && entry.joinOffset > joinOffset) return "ended";
  return next > joinOffset ? "none" : "unknown";
}

/** By all places of the entry, as storage has them. */
export function stateByRecord(
  { places, next }: Pick<StoredPlaces, "places" | "next">,
  joinOffset: number,
): PlaceState {
  const place = places.find((each) => each.joinOffset === joinOffset);
  if (!place) return next > joinOffset ? "none" : "unknown";
  if (place.status === "left") return "ended";
  return place.confirmed ? "open" : "unconfirmed";
}
