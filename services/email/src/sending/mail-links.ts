import {
  confirmationClaims,
  confirmUrlOf,
  leaveUrlOf,
  mailedClaims,
  statusUrlOf,
  type Tokens,
  unsubscribeClaims,
  unsubscribeUrlOf,
} from "@waitlist/tokens";
import type { MailLinks } from "../domain/letters/compose.ts";
import type { Mail } from "../domain/mail.ts";

/** Signs the addresses that stand in mails. */
export function createMailLinks(publicUrl: string, { sign }: Pick<Tokens, "sign">): MailLinks {
  const leaving = (mail: Mail) => sign(unsubscribeClaims(mail, mail.causedAt));
  return {
    status: (mail) => statusUrlOf(publicUrl, mail.entryId, sign(mailedClaims(mail, mail.causedAt))),
    confirm: (mail) => confirmUrlOf(publicUrl, sign(confirmationClaims(mail, mail.causedAt))),
    leave: (mail) => leaveUrlOf(publicUrl, leaving(mail)),
    unsubscribe: (mail) => unsubscribeUrlOf(publicUrl, leaving(mail)),
  };
}
