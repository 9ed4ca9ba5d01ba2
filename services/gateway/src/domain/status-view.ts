// What a token shows of a place.
import type { EntryAccepted, EntryStatusView, StoredEntry, WaitlistDefinition } from "@waitlist/contracts";
import type { StatusClaims } from "@waitlist/tokens";

/** A typed token proves nothing about the mailbox: on a private list it sees nothing but this. */
export const seesOnlyAccepted = (claims: StatusClaims, definition: WaitlistDefinition): boolean =>
  claims.kind === "typed" && definition.revealPosition === "by-email";

export const acceptedView = ({ waitlistId, entryId }: StatusClaims): EntryAccepted => ({
  waitlistId,
  entryId,
  status: "accepted",
});

/** The place, with its invite only for a mailed token of that very place. */
export function statusView(
  claims: StatusClaims,
  stored: StoredEntry,
  definition: WaitlistDefinition,
  publicUrl: string,
): EntryStatusView {
  const { joinOffset, invite, ...place } = stored;
  const shown = invite !== undefined && claims.kind === "mailed" && claims.joinOffset === joinOffset;
  if (!shown) return place;
  const url = inviteUrlOf(definition, publicUrl, invite.code);
  return { ...place, invite: { url, expiresAt: invite.expiresAt } };
}

/** Where an invite is taken up: as the list says, or at our own address. */
export const inviteUrlOf = (definition: WaitlistDefinition, publicUrl: string, code: string): string =>
  (definition.invites.urlTemplate ?? `${publicUrl.replace(/\/+$/, "")}/i/{code}`).replaceAll(
    "{code}",
    encodeURIComponent(code),
  );
