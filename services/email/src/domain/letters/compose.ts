import { parseAddress } from "@waitlist/contracts";
import { type Mail, messageIdOf } from "../mail.ts";
import { alreadyLetter, stillToConfirmLetter } from "./already.ts";
import { confirmationLetter } from "./confirmation.ts";
import { type InviteLinks, inviteLetter } from "./invite.ts";
import type { Letter, LetterBody, Mailbox } from "./letter.ts";
import type { ListFacts } from "./list-facts.ts";
import { reminderLetter } from "./reminder.ts";
import { welcomeLetter } from "./welcome.ts";

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
}

/** Writes letters; pure but for the signatures in `links`. */
export function createComposer({ publicUrl, defaultFrom, links }: ComposeSettings) {
  const base = publicUrl.replace(/\/+$/, "");
  const host = new URL(publicUrl).hostname;

  const toConfirm = (mail: Mail) => ({ confirmUrl: links.confirm(mail), leaveUrl: links.leave(mail) });
  const toLook = (mail: Mail) => ({ statusUrl: links.status(mail), leaveUrl: links.leave(mail) });

  function inviteBody(mail: Mail, list: ListFacts): LetterBody {
    if (!mail.invite) throw new Error("an invite mail without its invite");
    const template = list.inviteUrlTemplate ?? `${base}/i/{code}`;
    const inviteUrl = template.replaceAll("{code}", encodeURIComponent(mail.invite.code));
    const invite = { ...mail.invite, position: mail.position };
    const inviteLinks: InviteLinks = { inviteUrl, ...toLook(mail) };
    return mail.kind === "reminder"
      ? reminderLetter(list, invite, inviteLinks)
      : inviteLetter(list, invite, inviteLinks);
  }

  function body(mail: Mail, list: ListFacts): LetterBody {
    const { position, standing } = mail;
    switch (mail.kind) {
      case "confirmation":
        return confirmationLetter(list, position, toConfirm(mail));
      case "welcome":
        return welcomeLetter(list, position, toLook(mail));
      case "already":
        if (standing === "pending") return stillToConfirmLetter(list, position, toConfirm(mail));
        return alreadyLetter(list, { position, isInvited: standing === "invited" }, toLook(mail));
      case "invite":
      case "reminder":
        return inviteBody(mail, list);
    }
  }

  return (mail: Mail, list: ListFacts, to: string): Letter => ({
    messageId: messageIdOf(mail.id, host),
    listId: { id: `${list.waitlistId}.${host}`, name: list.name },
    unsubscribeUrl: links.unsubscribe(mail),
    ...sender(list, defaultFrom),
    to,
    ...body(mail, list),
  });
}

export type Compose = ReturnType<typeof createComposer>;

/** The list's own sender; where it has none, or none that can be an address, the installation's. */
function sender({ from, name }: ListFacts, defaultFrom: Mailbox): Pick<Letter, "from" | "replyTo"> {
  const address = from ? parseAddress(from.address)?.typed : undefined;
  const replyTo = from?.replyTo ? parseAddress(from.replyTo)?.typed : undefined;
  return {
    from: address
      ? { name: from?.name ?? name, address }
      : { name: from?.name ?? (defaultFrom.name || name), address: defaultFrom.address },
    ...(replyTo ? { replyTo } : {}),
  };
}
