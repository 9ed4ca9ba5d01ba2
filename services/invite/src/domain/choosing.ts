// Whom a batch invites.
import { type EntryStatus, inviteIdOf } from "@waitlist/contracts";
import { currentPlace, type RosterEntry } from "@waitlist/roster";
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
  return waiting.slice(0, batch.count - sofar.taken).map((entry) => {
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

/** The decision with these places in it. */
export const withChosen = (decision: Decision, chosen: ChosenPlace[]): Decision => ({
  ...decision,
  taken: decision.taken + chosen.length,
  highest: chosen.at(-1)?.position ?? decision.highest,
});
