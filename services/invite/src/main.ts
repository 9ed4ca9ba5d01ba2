// Invite: who is let in, in the order of signing up, decided by each request's place in the history.
import { GROUPS } from "@waitlist/contracts";
import type { Appender } from "@waitlist/kafka";
import { createFollower, openRoster } from "@waitlist/roster";
import { runService } from "@waitlist/runtime";
import { createFacts } from "./adapters/kafka-facts.ts";
import { createMongoBatches } from "./adapters/mongo-batches.ts";
import { createMongoCodes } from "./adapters/mongo-codes.ts";
import { createQueue } from "./adapters/mongo-queue.ts";
import { buildApp } from "./app.ts";
import { Config } from "./config.ts";
import { createFindReclaims } from "./handlers/find-reclaims.ts";
import { createHistoryHandler } from "./handlers/history.ts";
import { createBatchMetrics } from "./handlers/metrics.ts";
import { createPreviewBatch } from "./handlers/preview-batch.ts";
import { createRunBatch } from "./handlers/run-batch.ts";
import { createWithdrawBatch } from "./handlers/withdraw-batch.ts";

await runService("invite", Config, async ({ config, log, registry, lifecycle }) => {
  const secret = config.ENTRY_ID_SECRET;
  const roster = await openRoster<null>({
    url: config.MONGODB_URL,
    database: "waitlist_invite",
    collection: "queue",
    secret,
    partitions: config.EVENT_PARTITIONS,
    // Places are enough to invite by: nothing of the people is kept here.
    evolve: () => null,
    log,
  });
  lifecycle.onClose("MongoDB", roster.close);
  const batches = await createMongoBatches(roster.db);
  const queue = createQueue(roster.entries);
  const codes = createMongoCodes(roster.db, secret);
  const metrics = createBatchMetrics(registry);

  const handler = (appender: Appender, topic: string) => {
    const facts = createFacts(appender, topic);
    const outside = { ...roster, queue, batches, codes, facts, secret };
    return createHistoryHandler({
      ...outside,
      findReclaims: createFindReclaims(roster.definitions),
      runBatch: createRunBatch({ ...outside, metrics, log }),
      withdrawBatch: createWithdrawBatch(outside),
    });
  };
  const { KAFKA_BROKERS: brokers, TOPIC_PREFIX: topicPrefix } = config;
  const follower = await createFollower({
    ...{ group: GROUPS.invite, brokers, topicPrefix, roster, handler },
    ...{ log, registry, lifecycle },
  });

  const internalToken = config.INTERNAL_TOKEN;
  const dependencies = {
    kafka: { probe: follower.isFollowing, required: true },
    mongodb: { probe: roster.ping, required: true },
  };
  const preview = createPreviewBatch(queue, secret);
  const app = buildApp({ log, registry, internalToken, batches, preview, codes, queue, dependencies });
  lifecycle.onClose("HTTP", () => app.close());
  await app.listen({ host: config.HOST, port: config.PORT });
  follower.start();
});
