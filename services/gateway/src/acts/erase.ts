// Erasure: answered when it has been read back.
import { setTimeout as wait } from "node:timers/promises";
import { createEvent, ProblemError, type StoredPlaces } from "@waitlist/contracts";
import type { TokenPlace } from "@waitlist/tokens";
import { EVENT_SOURCE } from "../event-source.ts";
import type { LogPosition } from "../ports.ts";
import type { ActDeps } from "./deps.ts";

const ERASED_WITHIN_MS = 8000;
const POLL_MS = 50;
/** Somebody who joins again and again while being erased isn't followed for ever. */
const MAX_PROPOSALS = 5;

type EraseDeps = Pick<ActDeps, "log" | "storage" | "waits" | "clock">;

/**
 * Erases a person from a list. Every erasure names one place; where a later one of theirs is open by then, it is
 * proposed again for that one. Throws `ProblemError` `unavailable` when it can't be read back in time: then it may or
 * may not have happened, and asking again does no harm.
 */
export async function erasePerson(deps: EraseDeps, token: TokenPlace): Promise<void> {
  const { waitlistId, entryId } = token;
  const deadline = performance.now() + ERASED_WITHIN_MS;
  let stored = await deps.storage.places(entryId);
  for (let proposals = 0; proposals < MAX_PROPOSALS && !stored?.erased; proposals += 1) {
    const joinOffset = openPlace(stored) ?? token.joinOffset;
    const event = createEvent(
      "EntryErased",
      { waitlistId, entryId, joinOffset },
      { source: EVENT_SOURCE, at: deps.clock() },
    );
    stored = await readBack(deps, entryId, await deps.log.append(event), deadline);
  }
  if (!stored?.erased) throw notYet();
}

const openPlace = (stored: StoredPlaces | null): number | undefined =>
  stored?.places.findLast(({ endOffset }) => endOffset === undefined)?.joinOffset;

/** The entry as soon as storage has got past `at`, or has erased it otherwise. */
async function readBack(
  { storage, waits }: EraseDeps,
  entryId: string,
  at: LogPosition,
  deadline: number,
): Promise<StoredPlaces | null> {
  for (let left = deadline - performance.now(); left > 0; left = deadline - performance.now()) {
    const isApplied = await waits.applied(at, Math.min(left, 1000));
    const stored = await storage.places(entryId);
    if (stored?.erased || (stored && stored.lastOffset >= at.offset)) return stored;
    // Applied without effect: somebody else's erasure of the same place came first.
    if (isApplied) return stored;
    await wait(POLL_MS);
  }
  throw notYet();
}

const notYet = () =>
  new ProblemError("unavailable", "The erasure is not confirmed yet. Ask again: a repeat does no harm.", {
    retryAfter: 2,
  });
