import { createEvent, ProblemError } from "@waitlist/contracts";
import type { TokenPlace } from "@waitlist/tokens";
import { EVENT_SOURCE } from "../event-source.ts";
import type { ActDeps } from "./deps.ts";
import { placeState } from "./place-state.ts";

/**
 * Confirms a place; again does nothing more. Throws `ProblemError`: `entry-not-found` where the place was given up or
 * never was, `unavailable` where the log isn't there.
 */
export async function confirmPlace(
  { log, places, clock }: Pick<ActDeps, "log" | "places" | "clock">,
  { waitlistId, entryId, joinOffset }: TokenPlace,
): Promise<void> {
  const place = { waitlistId, entryId, joinOffset };
  const state = await placeState(places, place);
  if (state === "ended" || state === "none") throw new ProblemError("entry-not-found");
  if (state === "open") return;
  await log.append(createEvent("EntryConfirmed", place, { source: EVENT_SOURCE, at: clock() }));
}
