// The email service without its log and HTTP: handlers, ledger and sender over a database and a mail server.
import { createMongoDefinitions, createMongoEntries, openEntries, type RosterRecord } from "@waitlist/roster";
import { createLogger, Registry } from "@waitlist/runtime";
import { createTokens } from "@waitlist/tokens";
import type { Db } from "mongodb";
import { createMongoLedger, type MongoLedger } from "../../src/adapters/mongo-ledger.ts";
import { createSmtpTransport, type SmtpOptions } from "../../src/adapters/smtp-transport.ts";
import type { Recipient } from "../../src/domain/recipient.ts";
import { createHistoryHandler } from "../../src/handlers/history.ts";
import { createResendMails } from "../../src/handlers/resend-mails.ts";
import type { MailTransport } from "../../src/ports.ts";
import { createLetterWriter } from "../../src/sending/letter-writer.ts";
import { createMailMetrics } from "../../src/sending/metrics.ts";
import { createSender, type SenderOptions } from "../../src/sending/sender.ts";
import { createHint } from "../../src/timers/propose-undeliverable.ts";
import { batchOf, projectionOver } from "./happenings.ts";

export const PUBLIC_URL = "https://waitlist.example";
export const tokens = createTokens("k1:0123456789abcdef0123456789abcdef", () => 0);

export interface ServiceOptions extends Partial<Pick<SenderOptions, "leaseMs" | "clock" | "perSecond">> {
  maxAttempts?: number;
  patience?: SenderOptions["patience"];
  smtp?: Partial<SmtpOptions>;
  /** Puts something of the test's between sender and server. */
  wrap?: (transport: MailTransport) => MailTransport;
  /** The same between sender and handlers, and ledger. */
  wrapLedger?: (ledger: MongoLedger) => MongoLedger;
}

export async function createService(db: Db, smtpUrl: string, more: ServiceOptions = {}) {
  const log = createLogger("email", "silent");
  const { wrap = (transport) => transport, wrapLedger = (ledger) => ledger } = more;
  const connections = more.smtp?.connections ?? 4;
  const registry = new Registry();
  const ledger = wrapLedger(await createMongoLedger(db, more.clock ?? Date.now));
  const store = createMongoEntries(await openEntries<Recipient>(db, "recipients"));
  const definitions = await createMongoDefinitions(db);
  const metrics = createMailMetrics(registry);
  const hint = createHint();
  const sender = createSender({
    ledger,
    onUndeliverable: hint.give,
    transport: wrap(createSmtpTransport({ url: smtpUrl, connections, log, ...more.smtp })),
    recipients: store.load,
    compose: createLetterWriter({
      definitions,
      tokens,
      config: { PUBLIC_URL, MAIL_FROM: "waitlist@localhost" },
    }),
    connections,
    perSecond: more.perSecond ?? null,
    ...(more.patience ? { patience: more.patience } : {}),
    leaseMs: more.leaseMs ?? 2000,
    rules: { maxAttempts: more.maxAttempts ?? 3, baseMs: 5 },
    clock: more.clock ?? Date.now,
    log,
    metrics,
    registry,
  });
  const handler = createHistoryHandler({
    definitions,
    projection: projectionOver(store),
    ledger,
    resendMails: createResendMails({ ledger, recipients: store.load, metrics }),
    sender,
    metrics,
    clock: more.clock ?? Date.now,
  });
  return {
    ...{ ledger, sender, registry, hint, recipients: store.load },
    apply: (records: RosterRecord[]) => handler.apply(batchOf(records)),
  };
}
