import { ProblemError } from "@waitlist/contracts";
import type { TokenPlace } from "@waitlist/tokens";
import type { ActDeps } from "./deps.ts";

/**
 * Confirms a place; again does nothing more. Where nothing is known of the place, the fact is put on the log all the
 * same: there it does what it may. Throws `ProblemError`: `entry-not-found` where the place was given up or never was,
 * `unavailable` where the log isn't there.
 */
export async function confirmPlace({ facts, places }: ActDeps, place: TokenPlace): Promise<void> {
  const state = await places.state(place);
  if (state === "ended" || state === "none") throw new ProblemError("entry-not-found");
  if (state !== "open") await facts.put("EntryConfirmed", place);
}
