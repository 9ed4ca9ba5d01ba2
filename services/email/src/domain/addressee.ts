import { invitesOf, type Place } from "@waitlist/roster";
import { alreadyMailId, asksForConfirmation, type Mail, reminderMailId } from "./mail.ts";
import { openPlace, type RecipientEntry } from "./recipient.ts";

/**
 * Where a mail that was taken up goes to: null where it has nothing to say any more. What the ledger was told to cancel
 * is judged once more here, since a former owner of the partition may have queued a mail after that.
 */
export function addresseeOf(mail: Mail, entry: RecipientEntry | undefined): string | null {
  const place = entry && openPlace(entry, mail.joinOffset);
  if (!place || isOvertaken(mail, entry, place)) return null;
  return entry.details?.address ?? null;
}

/**
 * It asks for what was done meanwhile, reminds of an invite that is closed, or a newer one says the same: after an
 * outage nobody gets a heap of notices.
 */
function isOvertaken(mail: Mail, entry: RecipientEntry, place: Place): boolean {
  if (asksForConfirmation(mail) && place.confirmedOffset !== undefined) return true;
  if (mail.kind === "reminder") return !isOpen(mail, place);
  const newest = entry.details?.noticed?.offset ?? -1;
  return mail.kind === "already" && mail.id !== alreadyMailId(entry.entryId, newest);
}

/** Whether the invite that a mail reminds of can still be taken up, as far as the log says. */
const isOpen = (mail: Mail, place: Place): boolean =>
  invitesOf(place).some(({ inviteId, closed }) => reminderMailId(inviteId) === mail.id && !closed);
