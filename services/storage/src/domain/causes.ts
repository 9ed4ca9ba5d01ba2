// Why an entry stands where it does: what each event of its history did to its places, in a sentence for people.
import type { EntryEvent } from "@waitlist/contracts";
import { type Closing, invitesOf, type Place, type PlaceInvite } from "@waitlist/roster";
import type { HistoryItem } from "./person.ts";

/** An item of the history, explained by the places that it was about. */
export function toEntryEvent(item: HistoryItem, places: Place[]): EntryEvent {
  const { type, at, offset, by, repeated } = item;
  return {
    ...{ type, at: new Date(at).toISOString(), offset, cause: causeOf(item, places) },
    ...(by === undefined ? {} : { by }),
    ...(repeated ? { repeated } : {}),
  };
}

/** Everything in it is read from the places: they are kept for ever, and so are older histories explained as well. */
export function causeOf(item: HistoryItem, places: Place[]): string {
  switch (item.type) {
    case "WaitlistJoined":
      return joined(item, places);
    case "EntryConfirmed":
      return "confirmed the address from a mail";
    case "EntryLeft":
      return withPlace("left", "gave up", openAt(item, places));
    case "EntryUndeliverable":
      return `the address takes no mail${item.reason === undefined ? "" : `: ${item.reason}`}`;
    case "InviteAllocated":
      return allocated(item, places);
    case "InviteRedeemed":
    case "InviteExpired":
    case "InviteWithdrawn":
      return closed(item, places);
    default:
      return item.type;
  }
}

const withPlace = (what: string, verb: string, place: Place | undefined): string =>
  place ? `${what}: ${verb} place ${place.position}` : what;

/** The place that somebody had when this happened; a departure is the last that happens to one. */
const openAt = ({ offset }: HistoryItem, places: Place[]): Place | undefined =>
  places.find(
    ({ joinOffset, endOffset }) => joinOffset <= offset && (endOffset === undefined || endOffset >= offset),
  );

function joined(item: HistoryItem, places: Place[]): string {
  const place = openAt(item, places);
  if (place?.filledOffset === item.offset) {
    return `the signup's record was put back on the log and could be read now: kept place ${place.position}`;
  }
  if (place?.joinOffset === item.offset && place.redrivenFrom !== undefined) {
    return (
      `the signup's record at offset ${place.redrivenFrom} could not be read and was put back on the log: ` +
      `took place ${place.position}, at the end`
    );
  }
  return item.repeated ? withPlace("signed up again", "kept", place) : withPlace("signed up", "took", place);
}

const invitesIn = (places: Place[]): PlaceInvite[] => places.flatMap(invitesOf);

function allocated({ offset }: HistoryItem, places: Place[]): string {
  const invite = invitesIn(places).find((each) => each.offset === offset);
  if (!invite) return "invited";
  const { batchId, outOfOrder, closed: closing } = invite;
  // Closed before it was given, and seen so only here.
  if (closing && closing.offset < offset)
    return `the invite of batch ${batchId} came when it was ${closing.how}`;
  return outOfOrder
    ? `invited by name, out of order, by batch ${batchId}`
    : `invited by batch ${batchId}, in order`;
}

const HOW: Record<string, Closing["how"]> = {
  InviteRedeemed: "redeemed",
  InviteExpired: "expired",
  InviteWithdrawn: "withdrawn",
};

function closed(item: HistoryItem, places: Place[]): string {
  const { type, offset, reason } = item;
  const because = reason === undefined ? "" : `: ${reason}`;
  const invite = invitesIn(places).find(
    ({ closed: closing }) => closing && (closing.offset === offset || closing.seenOffset === offset),
  );
  if (!invite?.closed) return `said of an invite that had not come yet: ${HOW[type]}${because}`;
  const { how, offset: closedOffset, requeued } = invite.closed;
  const isWholeBatch = closedOffset !== offset;
  if (HOW[type] !== how) return `came too late: batch ${invite.batchId} was withdrawn before`;
  switch (how) {
    case "redeemed":
      return `redeemed the invite of batch ${invite.batchId}`;
    case "expired":
      return requeued
        ? "the invite's time was over; back in the queue at the old place"
        : "the invite's time was over";
    case "withdrawn":
      return isWholeBatch
        ? `withdrew batch ${invite.batchId}${because}`
        : `withdrew the invite of batch ${invite.batchId}${because}`;
  }
}
