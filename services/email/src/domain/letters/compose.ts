import { parseAddress } from "@waitlist/contracts";
import type { LetterFacts, Letters } from "@waitlist/letters";
import { feedbackIdOf } from "../feedback-id.ts";
import { type Mail, messageIdOf } from "../mail.ts";
import type { Reader } from "../recipient.ts";
import type { Letter, Mailbox } from "./letter.ts";
import type { ListFacts } from "./list-facts.ts";

/**
 * The addresses in a mail, each with a token for that one purpose, made of the mail's cause: the same in every attempt.
 * Reading any of them changes nothing; only `unsubscribe` takes a POST, from the mail program (RFC 8058).
 */
export interface MailLinks {
  status(mail: Mail): string;
  confirm(mail: Mail): string;
  leave(mail: Mail): string;
  unsubscribe(mail: Mail): string;
}

export interface ComposeSettings {
  publicUrl: string;
  /** Who mails are from where the list doesn't say. */
  defaultFrom: Mailbox;
  links: MailLinks;
  letters: Letters;
}

/** Makes mails ready to be sent; pure but for the signatures in `links`. */
export function createComposer({ publicUrl, defaultFrom, links, letters }: ComposeSettings) {
  const base = publicUrl.replace(/\/+$/, "");
  const host = new URL(publicUrl).hostname;

  /** The addresses that a mail's text may show: none that its reader isn't to have yet. */
  function urlsIn(mail: Mail, list: ListFacts): LetterFacts["urls"] {
    const leaveUrl = links.leave(mail);
    switch (mail.kind) {
      case "confirmation":
        return { confirmUrl: links.confirm(mail), leaveUrl };
      case "already": {
        const placeUrl = mail.standing === "pending" ? links.confirm(mail) : links.status(mail);
        return { placeUrl, leaveUrl };
      }
      case "invite":
      case "reminder":
        return { inviteUrl: inviteUrl(mail, list), statusUrl: links.status(mail), leaveUrl };
      default:
        return { statusUrl: links.status(mail), leaveUrl };
    }
  }

  function inviteUrl({ invite }: Mail, list: ListFacts): string {
    if (!invite) throw new Error("an invite mail without its invite");
    const template = list.inviteUrlTemplate ?? `${base}/i/{code}`;
    return template.replaceAll("{code}", encodeURIComponent(invite.code));
  }

  return async (mail: Mail, list: ListFacts, to: string, reader: Reader = {}): Promise<Letter> => ({
    messageId: messageIdOf(mail.id, host),
    listId: { id: `${list.waitlistId}.${host}`, name: list.letters.name },
    feedbackId: feedbackIdOf(mail, host),
    unsubscribeUrl: links.unsubscribe(mail),
    ...sender(list, defaultFrom),
    to,
    ...(await letters.write(list.letters, {
      ...{ kind: mail.kind, position: mail.position, standing: mail.standing, requeued: mail.requeued },
      ...mail.invite,
      ...reader,
      urls: urlsIn(mail, list),
    })),
  });
}

/** The list's own sender; where it has none, or none that can be an address, the installation's. */
function sender(
  { from, letters: { name } }: ListFacts,
  defaultFrom: Mailbox,
): Pick<Letter, "from" | "replyTo"> {
  const address = from ? parseAddress(from.address)?.typed : undefined;
  const replyTo = from?.replyTo ? parseAddress(from.replyTo)?.typed : undefined;
  return {
    from: address
      ? { name: from?.name ?? name, address }
      : { name: from?.name ?? (defaultFrom.name || name), address: defaultFrom.address },
    ...(replyTo ? { replyTo } : {}),
  };
}
