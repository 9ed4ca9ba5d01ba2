// Erasure: answered when it has been read back.
import { setTimeout as wait } from "node:timers/promises";
import { createEvent, ProblemError, type StoredPlaces } from "@waitlist/contracts";
import type { TokenPlace } from "@waitlist/tokens";
import type { AppliedWaits } from "../applied-waits.ts";
import { EVENT_SOURCE } from "../event-source.ts";
import type { Clock, EventLog, LogPosition, Storage } from "../ports.ts";
import { unlessAway } from "./unless-away.ts";

export interface EraseDeps {
  log: EventLog;
  storage: Pick<Storage, "places">;
  waits: AppliedWaits;
  clock: Clock;
  /** Aborted when the service stops: nobody is kept waiting then. */
  stopping: AbortSignal;
}

const ERASED_WITHIN_MS = 8000;
/** How long an announcement is waited for before storage is asked anyway, and how long between two askings. */
const HEARD_WITHIN_MS = 250;
const POLL_MS = 50;
/** Somebody who joins again and again while being erased isn't followed for ever. */
const MAX_PROPOSALS = 5;

/**
 * Erases a person from a list. Every erasure names one place; where a later one of theirs is open by then, it is
 * proposed again for that one. Throws `ProblemError`: `entry-not-found` where there never was such a place,
 * `unavailable` where it can't be read back in time: it may or may not have happened, and asking again does no harm.
 */
export async function erasePerson(deps: EraseDeps, token: TokenPlace): Promise<void> {
  const deadline = performance.now() + ERASED_WITHIN_MS;
  let stored = await deps.storage.places(token);
  for (let proposals = 0; !stored.erased; proposals += 1) {
    if (stored.places.length === 0 && stored.next > token.joinOffset)
      throw new ProblemError("entry-not-found");
    if (proposals === MAX_PROPOSALS) throw notYet();
    const at = await propose(deps, { ...token, joinOffset: newestPlace(stored) ?? token.joinOffset });
    stored = await readBack(deps, token, at, deadline);
  }
}

/** Only the newest can be open. */
const newestPlace = ({ places }: StoredPlaces): number | undefined => places.at(-1)?.joinOffset;

const propose = ({ log, clock }: EraseDeps, { waitlistId, entryId, joinOffset }: TokenPlace) =>
  log.append(
    createEvent("EntryErased", { waitlistId, entryId, joinOffset }, { source: EVENT_SOURCE, at: clock() }),
  );

/** The person's places as soon as storage has got past `at`, or has erased them otherwise. */
async function readBack(
  { storage, waits, stopping }: EraseDeps,
  token: TokenPlace,
  at: LogPosition,
  deadline: number,
): Promise<StoredPlaces> {
  for (let left = deadline - performance.now(); left > 0; left = deadline - performance.now()) {
    const isHeard = await waits.applied(at, Math.min(left, HEARD_WITHIN_MS));
    const stored = await storage.places(token).catch(unlessAway);
    if (stored && (stored.erased || isHeard || stored.next > at.offset)) return stored;
    if (stopping.aborted) break;
    await wait(POLL_MS);
  }
  throw notYet();
}

const notYet = () =>
  new ProblemError("unavailable", "The erasure is not confirmed yet. Ask again: a repeat does no harm.", {
    retryAfter: 2,
  });
