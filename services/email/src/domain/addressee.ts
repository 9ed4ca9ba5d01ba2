import type { Place } from "@waitlist/roster";
import { alreadyMailId, asksForConfirmation, type Mail } from "./mail.ts";
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

/** It asks for what was done meanwhile, or a newer one says the same: after an outage nobody gets a heap of notices. */
function isOvertaken(mail: Mail, entry: RecipientEntry, place: Place): boolean {
  if (asksForConfirmation(mail) && place.confirmedOffset !== undefined) return true;
  const newest = entry.details?.noticed?.offset ?? -1;
  return mail.kind === "already" && mail.id !== alreadyMailId(entry.entryId, newest);
}
