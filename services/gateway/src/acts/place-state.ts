// What is known of the place that a token was sent for, before its holder does something with it.
import { ProblemError } from "@waitlist/contracts";
import type { TokenPlace } from "@waitlist/tokens";
import type { Places } from "../places.ts";

/**
 * - `pending`: it waits for its confirmation; `open`: it is somebody's; `ended`: it was given up;
 * - `none`: there surely is no such place; `unknown`: it isn't stored yet, or nobody can be asked.
 */
export type PlaceState = "pending" | "open" | "ended" | "none" | "unknown";

/**
 * Asked before an act is put on the log, so that one link, used again and again, can't fill it. Where nothing is known
 * the act is put there all the same: the log decides what it does.
 */
export async function placeState(
  places: Places,
  { waitlistId, entryId, joinOffset }: TokenPlace,
): Promise<PlaceState> {
  try {
    const found = await places.find(waitlistId, entryId, joinOffset);
    if (!found.entry) return found.applied ? "none" : "unknown";
    // They left and joined again.
    if (found.entry.joinOffset > joinOffset) return "ended";
    if (found.entry.joinOffset < joinOffset) return "unknown";
    if (found.entry.status === "left") return "ended";
    return found.entry.status === "pending" ? "pending" : "open";
  } catch (error) {
    if (error instanceof ProblemError && error.code === "unavailable") return "unknown";
    throw error;
  }
}
