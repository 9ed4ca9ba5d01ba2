import { ProblemError } from "@waitlist/contracts";
import type { TokenPlace } from "@waitlist/tokens";
import type { ActDeps } from "./deps.ts";

/**
 * Gives a place up; again does nothing more. A place that was joined after it stays. Throws `ProblemError`:
 * `entry-not-found` where there never was one, `unavailable` where the log isn't there.
 */
export async function leavePlace({ facts, places }: ActDeps, place: TokenPlace): Promise<void> {
  const state = await places.state(place);
  if (state === "none") throw new ProblemError("entry-not-found");
  if (state !== "ended") await facts.put("EntryLeft", place);
}
