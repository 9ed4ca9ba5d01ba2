// Email: who is written to and what was sent, in MongoDB; the mails themselves over SMTP.
import { GROUPS } from "@waitlist/contracts";
import { createLetters } from "@waitlist/letters";
import { createFollower, createMongoEntries, openRoster } from "@waitlist/roster";
import { runService } from "@waitlist/runtime";
import { createTokens } from "@waitlist/tokens";
import { createMongoLedger } from "./adapters/mongo-ledger.ts";
import { readReportParts } from "./adapters/report-parts.ts";
import { buildApp } from "./app.ts";
import { Config } from "./config.ts";
import { DATABASE } from "./database.ts";
import { evolveRecipient, remainsOfRecipient } from "./domain/recipient.ts";
import { createHistoryHandler } from "./handlers/history.ts";
import { createReportUndeliverable } from "./handlers/report-undeliverable.ts";
import { createResendMails } from "./handlers/resend-mails.ts";
import { createReportReceiver } from "./reports/receive-report.ts";
import { createLetterWriter } from "./sending/letter-writer.ts";
import { createMailMetrics } from "./sending/metrics.ts";
import { createSender } from "./sending/sender.ts";
import { createTestLetters } from "./sending/test-letters.ts";
import { rules } from "./settings-rules.ts";
import { createHint } from "./timers/propose-undeliverable.ts";
import { startTimers } from "./timers/start.ts";
import { createTransport } from "./transport.ts";

await runService("email", { schema: Config, rules }, async ({ config, log, registry, lifecycle }) => {
  const clock = Date.now;
  const { SMTP_CONNECTIONS: connections, SMTP_RATE: rate } = config;
  // First: a key that can't sign is to be heard of, whether or not the database is there.
  const transport = await createTransport(config, log);
  const roster = await openRoster({
    url: config.MONGODB_URL,
    database: DATABASE.name,
    collection: DATABASE.entries,
    secret: config.ENTRY_ID_SECRET,
    partitions: config.EVENT_PARTITIONS,
    ...{ evolve: evolveRecipient, remains: remainsOfRecipient },
    log,
    registry,
  });
  lifecycle.onClose("MongoDB", roster.close);
  const ledger = await createMongoLedger(roster.db, clock);

  const tokens = createTokens(config.TOKEN_KEYS, clock);
  const letters = createLetters();
  const compose = createLetterWriter({ definitions: roster.definitions, tokens, config, letters });
  const recipients = createMongoEntries(roster.entries).load;
  const { MAIL_LEASE_MS: leaseMs, MAIL_MAX_ATTEMPTS: maxAttempts, MAIL_RETRY_BASE_MS: baseMs } = config;
  const metrics = createMailMetrics(registry);
  const hint = createHint();
  const sender = createSender({
    ...{ ledger, transport, recipients, compose, connections, leaseMs, rules: { maxAttempts, baseMs } },
    ...{ clock, log, metrics, registry, perSecond: rate || null, onUndeliverable: hint.give },
  });

  const { KAFKA_BROKERS: brokers, TOPIC_PREFIX: topicPrefix, INTERNAL_TOKEN: internalToken } = config;
  const resendMails = createResendMails({ ledger, recipients, metrics });
  const handler = () => createHistoryHandler({ ...roster, ledger, resendMails, sender, metrics, clock });
  const follower = await createFollower({
    ...{ group: GROUPS.email, brokers, topicPrefix, roster, handler, log, registry, lifecycle },
  });
  lifecycle.onClose("the sender", sender.stop);
  const partitions = config.EVENT_PARTITIONS;
  startTimers({ ledger, follower, partitions, hint, clock, log, lifecycle });

  const dependencies = {
    kafka: { probe: follower.isFollowing, required: true },
    mongodb: { probe: roster.ping, required: true },
    smtp: { probe: sender.serverIsUp, required: false },
  };
  const { findByMessageId } = ledger;
  const reportUndeliverable = createReportUndeliverable({ ledger, hint, metrics, clock });
  const receiveReport = createReportReceiver({
    reports: { findByMessageId, reportUndeliverable },
    readParts: readReportParts,
    registry,
  });
  const testMails = { transport, compose: createTestLetters({ tokens, config, letters }), clock };
  const desk = { ledger, recipients, receiveReport, testMails };
  const app = buildApp({ log, registry, internalToken, ...desk, dependencies });
  lifecycle.onClose("HTTP", () => app.close());
  await app.listen({ host: config.HOST, port: config.PORT });
  sender.start();
  follower.start();
});
