// A letter as the bytes that go over the wire, for transports that take whole messages.
import { createTransport, type SendMailOptions } from "nodemailer";
import type { Letter } from "../domain/letters/letter.ts";
import { type DkimKey, signatureBy } from "./dkim.ts";
import { type MessageOptions, toMessage } from "./mail-message.ts";

export interface RawMessage {
  envelope: { from: string; to: string[] };
  raw: Buffer;
}

export interface RawMessageOptions extends MessageOptions {
  dkim?: DkimKey | null;
  /** Fields that whoever takes the message writes anew, and that a signature must not cover. */
  unsigned?: string[];
  /** Headers beside the usual ones; in ASCII. */
  headers?: (letter: Letter) => Record<string, string>;
}

/** Lines end in CRLF, nothing is stuffed. Rejects where the letter can't be written. */
export function createMessageWriter(
  options: RawMessageOptions = {},
): (letter: Letter) => Promise<RawMessage> {
  const mailer = createTransport({ streamTransport: true, buffer: true, newline: "windows" });
  const signature = options.dkim ? { dkim: signatureBy(options.dkim, options.unsigned) } : {};
  return async (letter) => {
    const message = toMessage(letter, options);
    const headers = { ...message.headers, ...options.headers?.(letter) } as SendMailOptions["headers"];
    const { envelope, message: raw } = await mailer.sendMail({ ...message, ...signature, headers });
    return { envelope: { from: envelope.from || "", to: envelope.to }, raw: raw as Buffer };
  };
}
