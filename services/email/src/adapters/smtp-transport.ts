// Mails over SMTP by nodemailer's pool. Whether to try again is the ledger's business, so the pool never does.
import type { Readable } from "node:stream";
import { domainToASCII } from "node:url";
import type { Logger } from "@waitlist/runtime";
import { createTransport, type SendMailOptions } from "nodemailer";
import SMTPPool from "nodemailer/lib/smtp-pool";
import type { Letter } from "../domain/letters/letter.ts";
import { readFailure, type SmtpError } from "../domain/smtp-reply.ts";
import type { Delivery } from "../domain/verdict.ts";
import type { MailTransport } from "../ports.ts";
import { createDataGate, type DataGate } from "./data-gate.ts";

export interface SmtpOptions {
  /** `smtp://user:password@host:port` or `smtps://…`; nodemailer's options may follow as a query. */
  url: string;
  connections: number;
  log: Pick<Logger, "debug">;
}

const CONNECT_WITHIN_MS = 10_000;
/** Without a byte from the server for this long, a connection counts as lost. */
const SILENCE_MS = 60_000;

interface GatedMail extends SendMailOptions {
  gate: DataGate;
}

/** Connects at the first mail. */
export function createSmtpTransport({ url, connections, log }: SmtpOptions): MailTransport {
  const pool = new SMTPPool({
    url,
    maxConnections: connections,
    connectionTimeout: CONNECT_WITHIN_MS,
    greetingTimeout: CONNECT_WITHIN_MS,
    socketTimeout: SILENCE_MS,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  // Set here, since the query of the address would overrule the option: the pool must never send a mail twice.
  pool.options.maxRequeues = 0;
  const mailer = createTransport({
    name: "gated",
    version: "1",
    send: (...[mail, done]: Parameters<SMTPPool["send"]>) => {
      const { gate } = mail.data as GatedMail;
      // Added last, so that a signature has read the message before the gate is asked.
      mail.message.processFunc((message: Readable) => gate.hold(message));
      pool.send(mail, done);
    },
  });

  return {
    send: async (letter, begin) => {
      const gate = createDataGate(begin);
      const mail: GatedMail = { ...toMail(letter), gate };
      return mailer.sendMail(mail).then(
        (): Delivery => ({ kind: "accepted" }),
        (error: SmtpError): Delivery => {
          gate.shut();
          const stopped = gate.stopped();
          return stopped ? { kind: stopped } : readFailure(error, gate.begun());
        },
      );
    },
    check: () =>
      pool.verify().then(
        () => true,
        (err: SmtpError) => {
          log.debug({ cause: err.code, command: err.command, replyCode: err.responseCode }, "no mail server");
          return false;
        },
      ),
    close: () => pool.close({ force: true }),
  };
}

function toMail(letter: Letter): SendMailOptions {
  const { messageId, from, replyTo, to, subject, text, html, listId, unsubscribeUrl } = letter;
  return {
    messageId,
    from,
    to: { name: "", address: to },
    // Named apart from the headers: nothing in a header can add a recipient.
    envelope: { from: from.address, to: [envelopeAddress(to)] },
    ...(replyTo ? { replyTo: { name: "", address: replyTo } } : {}),
    subject,
    text,
    html,
    list: { id: { url: listId.id, comment: listId.name } },
    headers: {
      "Auto-Submitted": "auto-generated",
      // On one line, without RFC 2047: `href` is ASCII and has no line break or bracket of its own.
      "List-Unsubscribe": {
        ...{ prepared: true, foldLines: false },
        value: `<${new URL(unsubscribeUrl).href}>`,
      },
      "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    },
    disableFileAccess: true,
    disableUrlAccess: true,
  };
}

/** The domain in ASCII (IDNA), which every server understands; the part before it as it is. */
function envelopeAddress(address: string): string {
  const at = address.lastIndexOf("@");
  return `${address.slice(0, at)}@${domainToASCII(address.slice(at + 1)) || address.slice(at + 1)}`;
}
