import { createEvent, ProblemError } from "@waitlist/contracts";
import type { TokenPlace } from "@waitlist/tokens";
import { EVENT_SOURCE } from "../event-source.ts";
import type { ActDeps } from "./deps.ts";
import { placeState } from "./place-state.ts";

/**
 * Gives a place up; again does nothing more. A place that was joined after it stays. Throws `ProblemError`:
 * `entry-not-found` where there never was one, `unavailable` where the log isn't there.
 */
export async function leavePlace(
  { log, places, clock }: Pick<ActDeps, "log" | "places" | "clock">,
  { waitlistId, entryId, joinOffset }: TokenPlace,
): Promise<void> {
  const place = { waitlistId, entryId, joinOffset };
  const state = await placeState(places, place);
  if (state === "none") throw new ProblemError("entry-not-found");
  if (state === "ended") return;
  await log.append(createEvent("EntryLeft", place, { source: EVENT_SOURCE, at: clock() }));
}
