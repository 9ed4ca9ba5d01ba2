// Invite: who is let in, in the order of signing up, decided by each request's place in the history.
import { GROUPS } from "@waitlist/contracts";
import type { Appender } from "@waitlist/kafka";
import { createFollower, openRoster } from "@waitlist/roster";
import { runService } from "@waitlist/runtime";
import { createFacts } from "./adapters/kafka-facts.ts";
import { createMongoBatches } from "./adapters/mongo-batches.ts";
import { createQueue } from "./adapters/mongo-queue.ts";
import { buildApp } from "./app.ts";
import { Config } from "./config.ts";
import { createHistoryHandler } from "./handlers/history.ts";
import { createBatchHandler } from "./handlers/invite-batch-requested.ts";
import { createBatchMetrics } from "./handlers/metrics.ts";

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
  const metrics = createBatchMetrics(registry);

  const handler = (appender: Appender, topic: string) => {
    const facts = createFacts(appender, topic);
    const outside = { queue, batches, facts, definitions: roster.definitions };
    const inviteBatchRequested = createBatchHandler({ ...outside, secret, metrics, log });
    return createHistoryHandler({ ...roster, batches, inviteBatchRequested });
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
  const app = buildApp({ log, registry, internalToken, batches, dependencies });
  lifecycle.onClose("HTTP", () => app.close());
  await app.listen({ host: config.HOST, port: config.PORT });
  follower.start();
});
