// Email: who is written to and what was sent, in MongoDB; the mails themselves over SMTP.
import { GROUPS } from "@waitlist/contracts";
import { createFollower, createMongoEntries, openRoster } from "@waitlist/roster";
import { runService } from "@waitlist/runtime";
import { createTokens } from "@waitlist/tokens";
import { createMongoLedger } from "./adapters/mongo-ledger.ts";
import { createSmtpTransport } from "./adapters/smtp-transport.ts";
import { buildApp } from "./app.ts";
import { Config } from "./config.ts";
import { evolveRecipient, remainsOfRecipient } from "./domain/recipient.ts";
import { createHistoryHandler } from "./handlers/history.ts";
import { createLetterWriter } from "./sending/letter-writer.ts";
import { createMailMetrics } from "./sending/metrics.ts";
import { createSender } from "./sending/sender.ts";

await runService("email", Config, async ({ config, log, registry, lifecycle }) => {
  const clock = Date.now;
  const roster = await openRoster({
    url: config.MONGODB_URL,
    database: "waitlist_email",
    collection: "recipients",
    secret: config.ENTRY_ID_SECRET,
    partitions: config.EVENT_PARTITIONS,
    ...{ evolve: evolveRecipient, remains: remainsOfRecipient },
    log,
  });
  lifecycle.onClose("MongoDB", roster.close);
  const ledger = await createMongoLedger(roster.db, clock);

  const connections = config.SMTP_CONNECTIONS;
  const transport = createSmtpTransport({ url: config.SMTP_URL, connections, log });
  const tokens = createTokens(config.TOKEN_KEYS, clock);
  const compose = createLetterWriter({ definitions: roster.definitions, tokens, config });
  const recipients = createMongoEntries(roster.entries).load;
  const { MAIL_LEASE_MS: leaseMs, MAIL_MAX_ATTEMPTS: maxAttempts, MAIL_RETRY_BASE_MS: baseMs } = config;
  const metrics = createMailMetrics(registry);
  const sender = createSender({
    ...{ ledger, transport, recipients, compose, connections, leaseMs, rules: { maxAttempts, baseMs } },
    ...{ clock, log, metrics, registry },
  });

  const { KAFKA_BROKERS: brokers, TOPIC_PREFIX: topicPrefix, INTERNAL_TOKEN: internalToken } = config;
  const handler = () => createHistoryHandler({ ...roster, ledger, sender, metrics, clock });
  const follower = await createFollower({
    ...{ group: GROUPS.email, brokers, topicPrefix, roster, handler, log, registry, lifecycle },
  });
  lifecycle.onClose("the sender", sender.stop);

  const dependencies = {
    kafka: { probe: follower.isFollowing, required: true },
    mongodb: { probe: roster.ping, required: true },
    smtp: { probe: sender.serverIsUp, required: false },
  };
  const app = buildApp({ log, registry, internalToken, ledger, dependencies });
  lifecycle.onClose("HTTP", () => app.close());
  await app.listen({ host: config.HOST, port: config.PORT });
  sender.start();
  follower.start();
});
