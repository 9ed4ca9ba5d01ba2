// What a chosen place's entry becomes.
import {
  earlyClosing,
  invitesOf,
  isWithoutInvite,
  type Place,
  type PlaceInvite,
  withInvite,
} from "@waitlist/roster";
import type { Batch, BatchWithdrawal } from "./batch.ts";
import type { ChosenPlace, QueueEntry } from "./choosing.ts";

/** Whether the entry has seen nothing of the log from this offset on. */
export const isBefore = (entry: QueueEntry, { offset }: { offset: number }): boolean =>
  entry.lastOffset < offset;

/** The entry with the invite on the chosen place, as of the batch's offset. */
export function markedEntry(
  entry: QueueEntry,
  batch: Batch,
  { joinOffset, inviteId }: ChosenPlace,
): QueueEntry {
  const { batchId, offset, requestedAt, named } = batch;
  return withPlace(entry, joinOffset, offset, (place) => {
    const closed = earlyClosing(place, inviteId, offset);
    return withInvite(place, {
      ...{ inviteId, batchId, offset, at: requestedAt },
      ...(named ? { outOfOrder: true } : {}),
      ...(closed ? { closed } : {}),
    });
  });
}

/** Whether the chosen place may still get this invite: another owner may have given it already. */
export const isUnmarked = (entry: QueueEntry, { joinOffset }: ChosenPlace): boolean =>
  entry.places.some((place) => place.joinOffset === joinOffset && isWithoutInvite(place));

/** Whether the chosen place holds or held this very invite, whatever happened to it afterwards. */
export const isMarked = (entry: QueueEntry | undefined, chosen: ChosenPlace): boolean =>
  inviteOf(entry, chosen) !== undefined;

/** This very invite on the place that it was chosen for. */
export const inviteOf = (
  entry: QueueEntry | undefined,
  { joinOffset, inviteId }: Pick<ChosenPlace, "joinOffset" | "inviteId">,
): PlaceInvite | undefined => {
  const place = entry?.places.find((each) => each.joinOffset === joinOffset);
  return place && invitesOf(place).find((invite) => invite.inviteId === inviteId);
};

/** Whether the place is there and its invite can be taken up. */
export const isOpenInvite = (entry: QueueEntry | undefined, chosen: ChosenPlace): boolean => {
  const place = entry?.places.find(({ joinOffset }) => joinOffset === chosen.joinOffset);
  return (
    place?.endOffset === undefined && inviteOf(entry, chosen)?.closed === undefined && isMarked(entry, chosen)
  );
};

/** The entry with its invite taken back, as of the withdrawal's offset. */
export const withdrawnEntry = (
  entry: QueueEntry,
  { offset, timestamp: at }: BatchWithdrawal,
  { joinOffset }: ChosenPlace,
): QueueEntry =>
  withPlace(entry, joinOffset, offset, (place) =>
    place.invite
      ? {
          ...place,
          invite: { ...place.invite, closed: { how: "withdrawn", offset, at, seenOffset: offset } },
        }
      : place,
  );

const withPlace = (
  entry: QueueEntry,
  joinOffset: number,
  lastOffset: number,
  change: (place: Place) => Place,
): QueueEntry => ({
  ...entry,
  places: entry.places.map((place) => (place.joinOffset === joinOffset ? change(place) : place)),
  lastOffset,
});
