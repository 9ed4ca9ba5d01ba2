// Invite: who is let in, in the order of signing up, decided by each request's place in the history.
import { GROUPS } from "@waitlist/contracts";
import type { Appender } from "@waitlist/kafka";
import { createFollower, openRoster } from "@waitlist/roster";
import { runService } from "@waitlist/runtime";
import { createMongoBatches } from "./adapters/mongo-batches.ts";
import { createMongoCodes } from "./adapters/mongo-codes.ts";
import { createQueue } from "./adapters/mongo-queue.ts";
import { createMongoSchedules } from "./adapters/mongo-schedules.ts";
import { buildApp } from "./app.ts";
import { createClosingWaits, thenLook } from "./closing-waits.ts";
import { Config } from "./config.ts";
import { DATABASE } from "./database.ts";
import { assembleHandler } from "./handlers/assemble.ts";
import { createBatchMetrics } from "./handlers/metrics.ts";
import { createPreviewBatch } from "./handlers/preview-batch.ts";
import { startTimers } from "./timers/start.ts";

await runService("invite", { schema: Config }, async ({ config, log, registry, lifecycle }) => {
  const secret = config.ENTRY_ID_SECRET;
  const clock = Date.now;
  const roster = await openRoster<null>({
    url: config.MONGODB_URL,
    database: DATABASE.name,
    collection: DATABASE.entries,
    secret,
    partitions: config.EVENT_PARTITIONS,
    // Places are enough to invite by: nothing of the people is kept here.
    evolve: () => null,
    log,
    registry,
  });
  lifecycle.onClose("MongoDB", roster.close);
  const batches = await createMongoBatches(roster.db);
  const schedules = await createMongoSchedules(roster.db);
  const queue = createQueue(roster.entries);
  const codes = createMongoCodes(roster.db, secret);
  const waits = createClosingWaits(queue);
  const metrics = createBatchMetrics(registry, clock);

  const outside = { ...roster, queue, batches, schedules, codes, secret, metrics, log };
  const handler = (appender: Appender, topic: string) =>
    thenLook(assembleHandler(outside, appender, topic), waits);
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
  const reads = { batches, preview, codes, queue, schedules, waits, clock };
  const app = buildApp({ log, registry, internalToken, ...reads, dependencies });
  lifecycle.onClose("HTTP", () => app.close());
  await app.listen({ host: config.HOST, port: config.PORT });
  follower.start();
  const timed = { roster, follower, batches, queue, schedules, config, clock };
  await startTimers({ ...timed, log, registry, lifecycle });
});
