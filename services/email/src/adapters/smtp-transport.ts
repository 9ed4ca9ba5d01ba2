// Mails over SMTP by nodemailer's pool. Whether to try again is the ledger's business, so the pool never does.
import type { Readable } from "node:stream";
import type { Logger } from "@waitlist/runtime";
import { createTransport, type SendMailOptions } from "nodemailer";
import SMTPPool from "nodemailer/lib/smtp-pool";
import { readFailure, type SmtpError } from "../domain/smtp-reply.ts";
import type { Delivery } from "../domain/verdict.ts";
import type { MailTransport } from "../ports.ts";
import { createDataGate, type DataGate } from "./data-gate.ts";
import { type DkimKey, signatureBy } from "./dkim.ts";
import { type MessageOptions, needsUtf8, toMessage } from "./mail-message.ts";
import { lookAtServer } from "./smtp-look.ts";

export interface SmtpOptions extends MessageOptions {
  /** `smtp://user:password@host:port` or `smtps://…`; nodemailer's options may follow as a query. */
  url: string;
  connections: number;
  /** After so many mails a connection is closed and another one opened; without it, after a hundred. */
  messagesPerConnection?: number;
  dkim?: DkimKey | null;
  /** How long a connection and its greeting may take, in milliseconds. */
  connectWithinMs?: number;
  /** Without a byte from the server for this long, a connection counts as lost; in milliseconds. */
  silenceMs?: number;
  log: Pick<Logger, "debug">;
}

/** How long a server's word holds that it knows, or doesn't know, an extension, in milliseconds. */
const OFFER_HOLDS_MS = 10 * 60 * 1000;

interface GatedMail extends SendMailOptions {
  gate: DataGate;
}

/** Connects at the first mail. */
export function createSmtpTransport(options: SmtpOptions): MailTransport {
  const pool = createPool(options);
  const offersUtf8 = createOffer("SMTPUTF8", pool);
  const signature = options.dkim ? { dkim: signatureBy(options.dkim) } : {};
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
      const mail: GatedMail = { ...toMessage(letter, options), ...signature, gate };
      const failed = (error: SmtpError): Delivery => {
        gate.shut();
        const stopped = gate.stopped();
        return stopped ? { kind: stopped } : readFailure(error, gate.begun());
      };
      if (needsUtf8(letter, options)) {
        const isOffered = await offersUtf8().catch(failed);
        if (typeof isOffered !== "boolean") return isOffered;
        if (!isOffered) return { kind: "refused", permanent: true, failure: { cause: "ENOSMTPUTF8" } };
      }
      return mailer.sendMail(mail).then((): Delivery => ({ kind: "accepted" }), failed);
    },
    check: () =>
      pool.verify().then(
        () => true,
        (err: SmtpError) => {
          const { code: cause, command, responseCode: replyCode } = err;
          options.log.debug({ cause, command, replyCode }, "no mail server");
          return false;
        },
      ),
    close: () => pool.close({ force: true }),
  };
}

function createPool(options: SmtpOptions): SMTPPool {
  const { connectWithinMs = 10_000, silenceMs = 60_000 } = options;
  const pool = new SMTPPool({
    url: options.url,
    maxConnections: options.connections,
    maxMessages: options.messagesPerConnection ?? 100,
    connectionTimeout: connectWithinMs,
    greetingTimeout: connectWithinMs,
    socketTimeout: silenceMs,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  // Set here, since the query of the address would overrule the option: the pool must never send a mail twice, and a mail
  // that waits in it for the rate's sake would wait with its claim running out.
  pool.options.maxRequeues = 0;
  pool.options.rateLimit = 0;
  return pool;
}

/** Whether the server knows an extension: asked when it first matters, over a connection of its own. */
function createOffer(extension: string, pool: SMTPPool): () => Promise<boolean> {
  let offer: Promise<boolean> | null = null;
  let until = 0;
  return () => {
    const now = performance.now();
    if (!offer || now >= until) {
      until = now + OFFER_HOLDS_MS;
      offer = lookAtServer(pool.options, pool.options.auth).then(({ extensions }) =>
        extensions.includes(extension),
      );
      offer.catch(() => {
        offer = null;
      });
    }
    return offer;
  };
}
