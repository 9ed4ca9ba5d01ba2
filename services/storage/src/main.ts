// Storage: the record of every list in MongoDB, and the status pages' copy of it in Redis.
import { GROUPS, partitionOf } from "@waitlist/contracts";
import { connectRedis } from "@waitlist/redis";
import { createFollower, openRoster } from "@waitlist/roster";
import { runService } from "@waitlist/runtime";
import { createEntryQueries } from "./adapters/mongo-queries.ts";
import { createReadTotals } from "./adapters/mongo-totals.ts";
import { createReadModel } from "./adapters/redis-read-model.ts";
import { buildApp } from "./app.ts";
import { Config } from "./config.ts";
import { DATABASE } from "./database.ts";
import { evolvePerson } from "./domain/person.ts";
import { createHistoryHandler } from "./handlers/history.ts";
import { createReadModelKeeper } from "./handlers/read-model-keeper.ts";
import { startReconciliation } from "./timers/reconciliation.ts";

await runService("storage", { schema: Config }, async ({ config, log, registry, lifecycle }) => {
  const partitions = config.EVENT_PARTITIONS;
  const roster = await openRoster({
    url: config.MONGODB_URL,
    database: DATABASE.name,
    collection: DATABASE.entries,
    secret: config.ENTRY_ID_SECRET,
    partitions,
    evolve: evolvePerson,
    log,
    registry,
  });
  lifecycle.onClose("MongoDB", roster.close);
  const queries = await createEntryQueries(roster.entries);

  const redis = connectRedis(config.REDIS_URL, { log, registry });
  lifecycle.onClose("Redis", redis.close);
  const readModel = createReadModel(redis);
  const home = (waitlistId: string) => partitionOf(waitlistId, partitions);
  const kept = { readModel, queries, cursors: roster.cursors };
  const keeper = createReadModelKeeper({ ...kept, partitionOf: home, log, registry });
  redis.onReady(keeper.redisIsBack);
  lifecycle.onClose("the read model", keeper.close);

  const { KAFKA_BROKERS: brokers, TOPIC_PREFIX: topicPrefix } = config;
  const handler = () => createHistoryHandler({ ...roster, keeper, registry });
  const follower = await createFollower({
    ...{ group: GROUPS.storage, brokers, topicPrefix, roster, handler },
    ...{ log, registry, lifecycle },
  });

  const internalToken = config.INTERNAL_TOKEN;
  const reads = { ...roster, queries, readModel };
  const dependencies = {
    kafka: { probe: follower.isFollowing, required: true },
    mongodb: { probe: roster.ping, required: true },
    redis: { probe: () => redis.client.ping(), required: false },
  };
  const app = buildApp({ log, registry, internalToken, reads, dependencies });
  lifecycle.onClose("HTTP", () => app.close());
  await app.listen({ host: config.HOST, port: config.PORT });
  follower.start();
  const reconciliation = startReconciliation({
    readTotals: createReadTotals(roster.entries),
    isOurs: (waitlistId) => follower.position(home(waitlistId)) !== null,
    ...{ log, registry },
  });
  lifecycle.onClose("reconciliation", reconciliation.stop);
});
