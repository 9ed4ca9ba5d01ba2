// What a fact does to the place that it names.
import type { EventOf } from "@waitlist/contracts";
import { type Closing, invitesOf, isWithoutInvite, type Place } from "./entry.ts";
import type { EntryRecord } from "./fold.ts";
import type { Rules } from "./rules.ts";

/** Where and when a whole batch was withdrawn, if it was. */
export type WithdrawnAt = (batchId: string) => { offset: number; at: number } | undefined;

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
  invitesOf(place).some((invite) => invite.offset === offset || invite.closed?.seenOffset === offset);

/**
 * The place with an invite, which may be closed already: its closing can stand before its allocation on the log. The
 * invite that it replaces is kept, so that a later copy of its records is recognised.
 */
function allocated(
  place: Place,
  { offset, timestamp }: EntryRecord,
  { inviteId, batchId, outOfOrder }: EventOf<"InviteAllocated">["data"],
  rules: Rules,
  withdrawnAt: WithdrawnAt,
): Place | null {
  if (rules.isKnownInvite(place, inviteId) || !isWithoutInvite(place)) return null;
  const closing = rules.firstClosing(
    place.closings?.find((remembered) => remembered.inviteId === inviteId),
    batchClosing(withdrawnAt(batchId), offset),
  );
  const { invite: former, ...rest } = place;
  return {
    ...rest,
    invite: {
      ...{ inviteId, batchId, offset, at: timestamp },
      ...(outOfOrder ? { outOfOrder } : {}),
      ...(closing ? { closed: withoutInviteId(closing, offset) } : {}),
    },
    ...(former ? { formerInvites: [...(place.formerInvites ?? []), former] } : {}),
  };
}

type ClosingEvent = EventOf<"InviteRedeemed"> | EventOf<"InviteExpired"> | EventOf<"InviteWithdrawn">;

function closed(
  place: Place,
  { offset, timestamp }: EntryRecord,
  event: ClosingEvent,
  rules: Rules,
  withdrawnAt: WithdrawnAt,
): Place | null {
  const { inviteId } = event.data;
  const own: Closing = { ...howOf(event), offset, at: timestamp, seenOffset: offset };
  const { invite } = place;
  if (invite?.inviteId === inviteId) {
    if (rules.isClosed(invite)) return null;
    const closing = rules.firstClosing(batchClosing(withdrawnAt(invite.batchId), offset), own) ?? own;
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
  return { how: "withdrawn", ...withdrawn, seenOffset };
}

function withoutInviteId(
  { inviteId: _, ...closing }: Closing & { inviteId?: string },
  seenOffset: number,
): Closing {
  return { ...closing, seenOffset };
}
