// Whom a batch may choose from: the same for the one that is asked for as for one that is only tried.
import type { Batch, Decision } from "../domain/batch.ts";
import { inOrder, type QueueEntry } from "../domain/choosing.ts";
import type { Queue } from "../ports.ts";

/** In order of position; each part but the last is full, or nobody in it is taken. */
export async function* candidates(
  queue: Pick<Queue, "load" | "eligible">,
  batch: Batch,
): AsyncIterable<QueueEntry[]> {
  const { named, reclaims, waitlistId, count, partSize } = batch;
  if (named) {
    const entries = inOrder((await queue.load(named.entryIds)).values(), batch);
    for (let at = 0; at < entries.length; at += partSize) yield entries.slice(at, at + partSize);
  } else {
    yield* queue.eligible(waitlistId, { limit: count, partSize, neverInvited: reclaims !== undefined });
  }
}

/**
 * How many could have been taken, when all that is asked for is. Whoever got less got everybody, and named entries are all
 * taken that can be, so that only what was cut off is counted.
 */
export const countEligible = async (
  queue: Pick<Queue, "countEligible">,
  { waitlistId, count, named }: Batch,
  { taken }: Pick<Decision, "taken">,
): Promise<number> =>
  named || taken < count ? taken : Math.max(taken, await queue.countEligible(waitlistId));
