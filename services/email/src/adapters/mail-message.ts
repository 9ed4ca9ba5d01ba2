// A letter as nodemailer takes it: headers and envelope named apart, so that nothing in a header can add a recipient.
import { domainToASCII } from "node:url";
import type { SendMailOptions } from "nodemailer";
import { encodeWord, quoteString } from "nodemailer/lib/mime-funcs";
import type { Letter } from "../domain/letters/letter.ts";

export interface MessageOptions {
  /** Where delivery reports go: the envelope's sender. Without it, each list's own From address. */
  returnPath?: string | undefined;
}

/** RFC 3461, 4.4: an envelope id of at most 100 characters. */
const ENVELOPE_ID_LENGTH = 100;
/**
 * Bytes a character from which on Base64 is shorter. Where a part of the characters takes k bytes each, Quoted-Printable grows by
 * 3k-1 for each of them and Base64 by a third of all: they are even where that part is 1/(5k+1). That is an eleventh of two bytes
 * (1.09 a character) or a sixteenth of three (1.13).
 */
const DENSE = 1.1;

export function toMessage(letter: Letter, { returnPath }: MessageOptions = {}): SendMailOptions {
  const { messageId, from, to, text, html } = letter;
  const replyTo = letter.replyTo && isWritable(letter.replyTo, letter) ? letter.replyTo : null;
  return {
    messageId,
    from: { name: asTyped(from.name), address: from.address },
    to: { name: "", address: to },
    envelope: { from: mailbox(returnPath ?? from.address), to: [mailbox(to)] },
    ...(replyTo ? { replyTo: { name: "", address: replyTo } } : {}),
    subject: asTyped(letter.subject),
    text,
    html,
    encoding: encodingOf(html),
    headers: headersOf(letter),
    ...reportsFor(messageId),
    disableFileAccess: true,
    disableUrlAccess: true,
  };
}

/**
 * RFC 2045, 6.7: Quoted-Printable is for text that is largely ASCII. It writes a byte beyond ASCII as three, Base64 any
 * three bytes as four.
 */
function encodingOf(text: string): "quoted-printable" | "base64" {
  // In UTF-8 a letter of a script other than Latin has two or three bytes.
  return Buffer.byteLength(text) > text.length * DENSE ? "base64" : "quoted-printable";
}

/** Those that no person reads. What is `prepared` is written as it is: it must be ASCII without a line break. */
function headersOf({ listId, feedbackId, unsubscribeUrl }: Letter): NonNullable<SendMailOptions["headers"]> {
  return {
    "Auto-Submitted": "auto-generated",
    "List-ID": {
      prepared: true,
      foldLines: true,
      value: `${phrase(asTyped(listId.name))} <${idOf(listId.id)}>`,
    },
    // On one line, without RFC 2047: `href` is ASCII and has no line break or bracket of its own.
    "List-Unsubscribe": { prepared: true, foldLines: false, value: `<${new URL(unsubscribeUrl).href}>` },
    "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    "Feedback-ID": feedbackId,
  };
}

/**
 * On one line, without blanks round it: of those, a folded line could be all that there is. What looks like an encoded word (RFC
 * 2047) would be shown decoded, as something else than was typed: it is taken apart.
 */
const asTyped = (text: string): string =>
  text
    .replace(/[ \p{Cc}\p{Zl}\p{Zp}]+/gu, " ")
    .trim()
    .replaceAll("=?", "= ?");

/** RFC 5322, 3.2.5, or encoded words of at most 75 characters each (RFC 2047, 2), for any script. */
const phrase = (text: string): string =>
  /^[\x20-\x7e]*$/.test(text) ? quoteString(text) : encodeWord(text, "B", 52);

/** RFC 2919, 2: a name of the form of a domain. */
const idOf = (id: string): string => id.replace(/[^A-Za-z0-9._-]/g, "-");

/**
 * Asks servers that know RFC 3461 for a report where the mail can't be delivered, and for none otherwise: with the
 * headers alone, and under our Message-ID, which says nothing of the person.
 */
function reportsFor(messageId: string): Pick<SendMailOptions, "dsn"> {
  const id = messageId.replace(/[<>]/g, "");
  if (id.length > ENVELOPE_ID_LENGTH) return {};
  return { dsn: { id, return: "headers", notify: "failure" } };
}

/** As an object, since nodemailer would read a text as a list of addresses. */
const mailbox = (address: string) => ({ name: "", address: envelopeAddress(address) });

/** The domain in ASCII (IDNA), which every server understands; the part before it as it is. */
function envelopeAddress(address: string): string {
  const at = address.lastIndexOf("@");
  return `${address.slice(0, at)}@${domainToASCII(address.slice(at + 1)) || address.slice(at + 1)}`;
}

/** Whether the part before the @ is beyond ASCII: only SMTPUTF8 (RFC 6531) can carry it. */
const isBeyondAscii = (address: string): boolean =>
  /[^\0-\x7f]/.test(address.slice(0, address.lastIndexOf("@")));

/** Whether a server has to know SMTPUTF8 to take this letter. */
export const needsUtf8 = (
  { from, to }: Pick<Letter, "from" | "to">,
  { returnPath }: MessageOptions,
): boolean => [from.address, to, returnPath ?? ""].some(isBeyondAscii);

/** An address beyond ASCII would make the headers UTF-8 (RFC 6532): it is left out of a message that is ASCII otherwise. */
const isWritable = (address: string, letter: Letter): boolean =>
  !isBeyondAscii(address) || needsUtf8(letter, {});
