// The email service without its log and HTTP: handlers, ledger and sender over a database and a mail server.
import { createMongoDefinitions, createMongoEntries, openEntries, type RosterRecord } from "@waitlist/roster";
import { createLogger, Registry } from "@waitlist/runtime";
import { createTokens } from "@waitlist/tokens";
import type { Db } from "mongodb";
import { createMongoLedger } from "../../src/adapters/mongo-ledger.ts";
import { createSmtpTransport } from "../../src/adapters/smtp-transport.ts";
import type { Recipient } from "../../src/domain/recipient.ts";
import { createHistoryHandler } from "../../src/handlers/history.ts";
import { createLetterWriter } from "../../src/sending/letter-writer.ts";
import { createMailMetrics } from "../../src/sending/metrics.ts";
import { createSender } from "../../src/sending/sender.ts";
import { batchOf, projectionOver } from "./happenings.ts";

export const PUBLIC_URL = "https://waitlist.example";
export const tokens = createTokens("k1:0123456789abcdef0123456789abcdef", () => 0);

export async function createService(
  db: Db,
  smtpUrl: string,
  more: { leaseMs?: number; maxAttempts?: number; clock?: () => number } = {},
) {
  const log = createLogger("email", "silent");
  const registry = new Registry();
  const ledger = await createMongoLedger(db, more.clock ?? Date.now);
  const store = createMongoEntries(await openEntries<Recipient>(db, "recipients"));
  const definitions = await createMongoDefinitions(db);
  const metrics = createMailMetrics(registry);
  const sender = createSender({
    ledger,
    transport: createSmtpTransport({ url: smtpUrl, connections: 4, log }),
    recipients: store.load,
    compose: createLetterWriter({
      definitions,
      tokens,
      config: { PUBLIC_URL, MAIL_FROM: "waitlist@localhost" },
    }),
    connections: 4,
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
    sender,
    metrics,
    clock: more.clock ?? Date.now,
  });
  return {
    ...{ ledger, sender, registry },
    apply: (records: RosterRecord[]) => handler.apply(batchOf(records)),
  };
}
