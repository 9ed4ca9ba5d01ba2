// Whom a batch invites.
import { type EntryStatus, inviteCodeOf, inviteIdOf } from "@waitlist/contracts";
import { currentPlace, type RosterEntry, statusOf } from "@waitlist/roster";
import type { Batch, Decision } from "./batch.ts";

/** An entry of the queue: places and nothing of the person. */
export type QueueEntry = RosterEntry<null>;

/** A place that a batch has chosen. */
export interface ChosenPlace {
  entryId: string;
  joinOffset: number;
  position: number;
  inviteId: string;
}

/** With the code of its invite. */
export interface CodedPlace extends ChosenPlace {
  code: string;
}

/** An invite as its code finds it. */
export interface CodedInvite extends ChosenPlace {
  waitlistId: string;
  batchId: string;
  /** Milliseconds since 1970. */
  expiresAt: number;
}

/** Only who waits can be chosen: confirmed where the join asked for it, not invited yet, not gone. */
export const ELIGIBLE = "waiting" satisfies EntryStatus;

const HOUR_MS = 60 * 60 * 1000;

/** Before any place is chosen. Invites live from the request's own time on the log. */
export const nothingChosen = ({ requestedAt }: Batch, lifetimeHours: number): Decision => ({
  taken: 0,
  highest: 0,
  expiresAt: requestedAt + lifetimeHours * HOUR_MS,
});

/** The places of the next part of the queue, which comes in order of position, as far as the batch's count goes. */
export function choose(batch: Batch, sofar: Decision, waiting: QueueEntry[], secret: string): ChosenPlace[] {
  return waiting
    .filter((entry) => mayGet(batch, entry))
    .slice(0, batch.count - sofar.taken)
    .map((entry) => {
      const { entryId } = entry;
      const { joinOffset, position } = currentPlace(entry);
      return {
        entryId,
        joinOffset,
        position,
        inviteId: inviteIdOf(secret, batch.batchId, entryId, joinOffset),
      };
    });
}

/**
 * A freed place goes to nobody who had an invite and let it expire, so not to who has just lost it either: else two
 * of them would pass it to each other for ever.
 */
const mayGet = ({ reclaims, waitlistId }: Batch, entry: QueueEntry): boolean =>
  entry.waitlistId === waitlistId &&
  statusOf(currentPlace(entry)) === ELIGIBLE &&
  (!reclaims || currentPlace(entry).invite === undefined);

export const withCode = (place: ChosenPlace, secret: string): CodedPlace => ({
  ...place,
  code: inviteCodeOf(secret, place.inviteId),
});

/** Those of the named entries that may get an invite, in order of position. */
export const inOrder = (entries: Iterable<QueueEntry>, batch: Batch): QueueEntry[] =>
  [...entries]
    .filter((entry) => mayGet(batch, entry))
    .sort((one, other) => currentPlace(one).position - currentPlace(other).position);

/** The decision with these places in it. */
export const withChosen = (decision: Decision, chosen: ChosenPlace[]): Decision => ({
  ...decision,
  taken: decision.taken + chosen.length,
  highest: chosen.at(-1)?.position ?? decision.highest,
});
