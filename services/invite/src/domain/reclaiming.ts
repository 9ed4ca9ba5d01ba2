// Which record frees an invite's place for somebody else.
import { type EntryRecord, invitesOf, type Outcome } from "@waitlist/roster";

/**
 * The invite that this record closed on its own: by its expiry, by its withdrawal (not the whole batch's), or with the
 * departure of who had it. Null where it closed none; the same in a replay.
 */
export function freedInvite({ event, offset }: EntryRecord, outcome: Outcome): string | null {
  if (outcome.kind !== "changed") return null;
  const { place } = outcome;
  switch (event.type) {
    case "InviteExpired":
    case "InviteWithdrawn":
      return invitesOf(place).find(({ closed }) => closed?.offset === offset)?.inviteId ?? null;
    case "EntryLeft":
    case "EntryErased":
      return place.endOffset === offset && place.invite && !place.invite.closed
        ? place.invite.inviteId
        : null;
    default:
      return null;
  }
}
