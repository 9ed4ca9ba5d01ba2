// What a token shows of a place.
import type {
  EntryAccepted,
  EntryStatusView,
  HeldPerson,
  StoredEntry,
  WaitlistDefinition,
} from "@waitlist/contracts";
import type { StatusClaims } from "@waitlist/tokens";

/** A typed token proves nothing about the mailbox: on a private list it sees nothing but this. */
export const seesOnlyAccepted = (claims: StatusClaims, definition: WaitlistDefinition): boolean =>
  claims.kind === "typed" && definition.revealPosition === "by-email";

/** A mailed token shows the place that it was sent for: of this one, joined later, it proves nothing. */
export const isLaterPlace = (claims: StatusClaims, { joinOffset }: StoredEntry): boolean =>
  claims.kind === "mailed" && joinOffset > claims.joinOffset;

export const acceptedView = ({ waitlistId, entryId }: StatusClaims): EntryAccepted => ({
  waitlistId,
  entryId,
  status: "accepted",
});

/** The place; with its invite, and with what is held of the person, only for a mailed token of that very place. */
export function statusView(
  claims: StatusClaims,
  stored: StoredEntry,
  definition: WaitlistDefinition,
  publicUrl: string,
  person?: HeldPerson,
): EntryStatusView {
  const { joinOffset, invite, ...place } = stored;
  const isTheirs = claims.kind === "mailed" && claims.joinOffset === joinOffset;
  if (!isTheirs) return place;
  return { ...place, ...person, ...(invite ? { invite: inviteView(invite, definition, publicUrl) } : {}) };
}

const inviteView = (
  { code, expiresAt }: NonNullable<StoredEntry["invite"]>,
  definition: WaitlistDefinition,
  publicUrl: string,
) => ({ url: inviteUrlOf(definition, publicUrl, code), expiresAt });

/** Where an invite is taken up: as the list says, or at our own address. */
export const inviteUrlOf = (definition: WaitlistDefinition, publicUrl: string, code: string): string =>
  (definition.invites.urlTemplate ?? `${publicUrl.replace(/\/+$/, "")}/i/{code}`).replaceAll(
    "{code}",
    encodeURIComponent(code),
  );
