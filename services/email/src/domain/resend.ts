// Sending again what an admin asked for: which request it was, and which mails it may be about.
import type { DataOf } from "@waitlist/contracts";
import type { RosterRecord } from "@waitlist/roster";
import { addresseeOf } from "./addressee.ts";
import type { Mail, Resent } from "./mail.ts";
import type { RecipientEntry } from "./recipient.ts";

export interface ResendRequest {
  waitlistId: string;
  resent: Resent;
  /** Those named, or all of a status. */
  wanted: { mailIds: string[] } | { selection: NonNullable<DataOf<"MailResendRequested">["selection"]> };
}

/** What a record asks to be sent again; null where it is another one, or asks for nothing. Who asked may be unreadable. */
export function resendIn({ event, offset, timestamp: at, unreadable }: RosterRecord): ResendRequest | null {
  if (event.type !== "MailResendRequested") return null;
  const { waitlistId, resendId, mailIds, selection, requestedBy } = event.data;
  const asked = { offset, resendId, at, by: unreadable ? "" : requestedBy };
  if (mailIds) return { waitlistId, resent: { ...asked, byName: true }, wanted: { mailIds } };
  return selection ? { waitlistId, resent: { ...asked, byName: false }, wanted: { selection } } : null;
}

/** Whether there is still somebody to send a mail to, and something to say, as it would be judged when it is taken up. */
export const isWorthSending = (mail: Mail, resent: Resent, entry: RecipientEntry | undefined): boolean =>
  addresseeOf({ ...mail, resent }, entry).address !== null;
