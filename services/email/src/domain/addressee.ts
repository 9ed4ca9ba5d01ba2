import { invitesOf, type Place } from "@waitlist/roster";
import { alreadyMailId, asksForConfirmation, expiredMailId, type Mail, mailsOfInvite } from "./mail.ts";
import { openPlace, type RecipientEntry } from "./recipient.ts";
import { UNDELIVERABLE } from "./undeliverable.ts";

/** Where a mail goes; nowhere, and why, as far as it isn't the usual reason: nothing is left to say, or nobody to say it to. */
export type Addressee = { address: string } | { address: null; cause?: typeof UNDELIVERABLE };

const NOBODY: Addressee = { address: null };

/**
 * Where a mail that was taken up goes to: nowhere, if it has nothing to say any more. What the ledger was told to cancel
 * is judged once more here, since a former owner of the partition may have queued a mail after that.
 */
export function addresseeOf(mail: Mail, entry: RecipientEntry | undefined): Addressee {
  const place = entry && openPlace(entry, mail.joinOffset);
  if (!place || isOvertaken(mail, entry, place)) return NOBODY;
  const address = entry.details?.address ?? null;
  if (address === null) return NOBODY;
  return isUndeliverable(mail, place) ? { address: null, cause: UNDELIVERABLE } : { address };
}

/** Its address takes no mail, and no admin has asked for this one by name since that is known. */
const isUndeliverable = ({ resent }: Mail, { undeliverableOffset }: Place): boolean =>
  undeliverableOffset !== undefined && !(resent?.byName && resent.offset > undeliverableOffset);

/**
 * It asks for what was done meanwhile, is about an invite that is closed, or a newer one says the same: after an
 * outage nobody gets a heap of notices.
 */
function isOvertaken(mail: Mail, entry: RecipientEntry, place: Place): boolean {
  if (asksForConfirmation(mail) && place.confirmedOffset !== undefined) return true;
  if (mail.kind === "invite" || mail.kind === "reminder") return !isOpen(mail, place);
  if (mail.kind === "expired") return !isNewest(mail, place);
  const newest = entry.details?.noticed?.offset ?? -1;
  return mail.kind === "already" && mail.id !== alreadyMailId(entry.entryId, newest);
}

/** Whether the invite that a mail is about can still be taken up, as far as the log says. */
const isOpen = (mail: Mail, place: Place): boolean =>
  invitesOf(place).some(({ inviteId, closed }) => mailsOfInvite(inviteId).includes(mail.id) && !closed);

/** Whether the invite whose end a mail tells is the last that the place had. */
const isNewest = (mail: Mail, { invite }: Place): boolean =>
  invite !== undefined && expiredMailId(invite.inviteId) === mail.id;
