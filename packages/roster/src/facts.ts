// What a fact does to the place that it names.
import type { EventOf } from "@waitlist/contracts";
import {
  type Closing,
  type EntryRecord,
  invitesOf,
  isWithoutInvite,
  type Place,
  type PlaceInvite,
} from "./entry.ts";
import type { Rules } from "./rules.ts";

/** A batch's name is one of its list: what another list's history says of it means nothing. */
export interface BatchName {
  waitlistId: string;
  batchId: string;
}

/** Where and when a whole batch was withdrawn, if it was. */
export type WithdrawnAt = (batch: BatchName) => { offset: number; at: number } | undefined;

/** The place after a fact, or null where the fact has nothing to change. */
export function applyFact(
  place: Place,
  record: EntryRecord,
  rules: Rules,
  withdrawnAt: WithdrawnAt,
): Place | null {
  const { event, offset, timestamp } = record;
  if (!rules.isOpen(place)) return null;
  switch (event.type) {
    case "EntryLeft":
    case "EntryErased":
      return { ...place, endOffset: offset };
    case "EntryConfirmed":
      if (!place.needsConfirmation || place.confirmedOffset !== undefined) return null;
      return { ...place, confirmedOffset: offset, confirmedAt: timestamp };
    case "EntryUndeliverable":
      // The first one counts; it is noted, and nothing else of the place changes.
      return place.undeliverableOffset === undefined ? { ...place, undeliverableOffset: offset } : null;
    case "InviteAllocated":
      return allocated(place, record, event.data, rules, withdrawnAt);
    case "InviteRedeemed":
    case "InviteExpired":
    case "InviteWithdrawn":
      return closed(place, record, event, rules, withdrawnAt);
    default:
      return null;
  }
}

/** Whether a record that the document has seen was the one that changed the place. */
export const tookEffect = (place: Place, { offset }: EntryRecord): boolean =>
  place.endOffset === offset ||
  place.confirmedOffset === offset ||
  place.undeliverableOffset === offset ||
  invitesOf(place).some((invite) => invite.offset === offset || invite.closed?.seenOffset === offset);

/**
 * The place with an invite, which may be closed already: its closing can stand before its allocation on the log. The
 * invite that it replaces is kept, so that a later copy of its records is recognised.
 */
function allocated(
  place: Place,
  { offset, timestamp }: EntryRecord,
  { waitlistId, inviteId, batchId, outOfOrder }: EventOf<"InviteAllocated">["data"],
  rules: Rules,
  withdrawnAt: WithdrawnAt,
): Place | null {
  if (rules.isKnownInvite(place, inviteId) || !isWithoutInvite(place)) return null;
  const closed = rules.firstClosing(
    earlyClosing(place, inviteId, offset),
    batchClosing(withdrawnAt({ waitlistId, batchId }), offset),
  );
  return withInvite(place, {
    ...{ inviteId, batchId, offset, at: timestamp },
    ...(outOfOrder ? { outOfOrder } : {}),
    ...(closed ? { closed } : {}),
  });
}

/** The place with this invite as its newest. */
export function withInvite(place: Place, invite: PlaceInvite): Place {
  const { invite: former, formerInvites = [] } = place;
  return { ...place, invite, ...(former ? { formerInvites: [...formerInvites, former] } : {}) };
}

/** What was remembered of an invite until it became known, which is at `seenOffset`. */
export function earlyClosing(place: Place, inviteId: string, seenOffset: number): Closing | undefined {
  const remembered = place.closings?.find((closing) => closing.inviteId === inviteId);
  if (!remembered) return undefined;
  const { inviteId: _, ...closing } = remembered;
  return { ...closing, seenOffset };
}

type ClosingEvent = EventOf<"InviteRedeemed"> | EventOf<"InviteExpired"> | EventOf<"InviteWithdrawn">;

function closed(
  place: Place,
  { offset, timestamp }: EntryRecord,
  event: ClosingEvent,
  rules: Rules,
  withdrawnAt: WithdrawnAt,
): Place | null {
  const { inviteId, waitlistId } = event.data;
  const own: Closing = { ...howOf(event), offset, at: timestamp, seenOffset: offset };
  const { invite } = place;
  if (invite?.inviteId === inviteId) {
    if (rules.isClosed(invite)) return null;
    const closing =
      rules.firstClosing(batchClosing(withdrawnAt({ waitlistId, batchId: invite.batchId }), offset), own) ??
      own;
    return { ...place, invite: { ...invite, closed: closing } };
  }
  if (rules.isKnownInvite(place, inviteId)) return null;
  const { closings = [] } = place;
  if (closings.some((remembered) => remembered.inviteId === inviteId)) return null;
  return { ...place, closings: rules.rememberClosing(closings, { ...own, inviteId }) };
}

function howOf(event: ClosingEvent): Pick<Closing, "how" | "attempt" | "requeued"> {
  switch (event.type) {
    case "InviteRedeemed":
      return { how: "redeemed", attempt: event.data.attempt };
    case "InviteExpired":
      return { how: "expired", ...(event.data.requeue ? { requeued: true } : {}) };
    case "InviteWithdrawn":
      return { how: "withdrawn" };
  }
}

/** A batch's withdrawal as the closing of one of its invites, for a record after it. */
function batchClosing(withdrawn: ReturnType<WithdrawnAt>, seenOffset: number): Closing | undefined {
  if (!withdrawn || withdrawn.offset >= seenOffset) return undefined;
  const { offset, at } = withdrawn;
  return { how: "withdrawn", offset, at, seenOffset };
}
