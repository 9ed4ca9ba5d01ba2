/** An address with the name it is shown with. */
export interface Mailbox {
  name: string;
  address: string;
}

/** A mail as it goes to the server. */
export interface Letter {
  messageId: string;
  /** RFC 2919: names the list to mail programs. */
  listId: { id: string; name: string };
  /** Groups complaints for Google's Postmaster Tools; printable ASCII. */
  feedbackId: string;
  /** Where a mail program posts one click to leave the list (RFC 8058). */
  unsubscribeUrl: string;
  from: Mailbox;
  replyTo?: string;
  /** The address as it was typed. */
  to: string;
  subject: string;
  text: string;
  html: string;
}

const MAILBOX = /^(?:(?<name>[^<>]*?)\s*<(?<inBrackets>[^<>\s@]+@[^<>\s@]+)>|(?<bare>[^<>\s@]+@[^<>\s@]+))$/;

/** Reads `Name <address>` or an address alone; null where it is neither. */
export function parseMailbox(text: string): Mailbox | null {
  const groups = MAILBOX.exec(text.trim())?.groups;
  const address = groups?.inBrackets ?? groups?.bare;
  if (!address) return null;
  return { name: (groups?.name ?? "").replace(/^"(.*)"$/, "$1"), address };
}
