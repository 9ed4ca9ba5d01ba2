// What a chosen place's entry becomes.
import type { Batch } from "./batch.ts";
import type { ChosenPlace, QueueEntry } from "./choosing.ts";

/** Whether the entry has seen nothing of the log from the batch on. */
export const isBefore = (entry: QueueEntry, batch: Batch): boolean => entry.lastOffset < batch.offset;

/** The entry with the invite on the chosen place, as of the batch's offset. */
export function markedEntry(
  entry: QueueEntry,
  batch: Batch,
  { joinOffset, inviteId }: ChosenPlace,
): QueueEntry {
  const { batchId, offset, requestedAt } = batch;
  const invite = { inviteId, batchId, offset, at: requestedAt };
  const places = entry.places.map((place) =>
    place.joinOffset === joinOffset ? { ...place, invite } : place,
  );
  return { ...entry, places, lastOffset: offset };
}

/** Whether the chosen place holds this very invite, whatever happened to it afterwards. */
export const isMarked = (entry: QueueEntry | undefined, { joinOffset, inviteId }: ChosenPlace): boolean =>
  entry?.places.some((place) => place.joinOffset === joinOffset && place.invite?.inviteId === inviteId) ??
  false;
