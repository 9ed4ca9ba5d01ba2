import { parseAddress } from "@waitlist/contracts";
import { type Mail, messageIdOf } from "../mail.ts";
import { inviteLetter } from "./invite.ts";
import type { Letter, LetterBody, Mailbox } from "./letter.ts";
import type { ListFacts } from "./list-facts.ts";
import { welcomeLetter } from "./welcome.ts";

export interface ComposeSettings {
  publicUrl: string;
  /** Who mails are from where the list doesn't say. */
  defaultFrom: Mailbox;
  /** The address of a mail's status page, with its signed token. */
  statusUrl: (mail: Mail) => string;
}

/** Writes letters; pure but for the signature in `statusUrl`. */
export function createComposer({ publicUrl, defaultFrom, statusUrl }: ComposeSettings) {
  const base = publicUrl.replace(/\/+$/, "");
  const host = new URL(publicUrl).hostname;

  function body(mail: Mail, list: ListFacts): LetterBody {
    if (mail.kind === "welcome") return welcomeLetter(list, mail.position, statusUrl(mail));
    if (!mail.invite) throw new Error("an invite mail without its invite");
    const template = list.inviteUrlTemplate ?? `${base}/i/{code}`;
    const inviteUrl = template.replaceAll("{code}", encodeURIComponent(mail.invite.code));
    const invite = { ...mail.invite, position: mail.position };
    return inviteLetter(list, invite, { inviteUrl, statusUrl: statusUrl(mail) });
  }

  return (mail: Mail, list: ListFacts, to: string): Letter => ({
    messageId: messageIdOf(mail.id, host),
    listId: { id: `${list.waitlistId}.${host}`, name: list.name },
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
