// Storage: the record of every list in MongoDB, and the status pages' copy of it in Redis.
import { deadLetterTopic, decodeEvent, eventsTopic, GROUPS, partitionOf } from "@waitlist/contracts";
import { createAppender, createHistoryConsumer, ensureTopics } from "@waitlist/kafka";
import { openRoster } from "@waitlist/roster";
import { runService } from "@waitlist/runtime";
import { createEntryQueries } from "./adapters/mongo-queries.ts";
import { connectRedis } from "./adapters/redis-connection.ts";
import { createReadModel } from "./adapters/redis-read-model.ts";
import { buildApp } from "./app.ts";
import { Config } from "./config.ts";
import { evolvePerson } from "./domain/person.ts";
import { createHistoryHandler } from "./handlers/history.ts";
import { createReadModelKeeper } from "./handlers/read-model-keeper.ts";

await runService("storage", Config, async ({ config, log, registry, lifecycle }) => {
  const partitions = config.EVENT_PARTITIONS;
  const events = eventsTopic(partitions, config.TOPIC_PREFIX);
  const deadLetters = deadLetterTopic(GROUPS.storage, config.TOPIC_PREFIX);
  const kafka = { brokers: config.KAFKA_BROKERS.split(","), clientId: "storage", log };

  const roster = await openRoster({
    url: config.MONGODB_URL,
    database: "waitlist_storage",
    collection: "entries",
    secret: config.ENTRY_ID_SECRET,
    partitions,
    evolve: evolvePerson,
    log,
  });
  lifecycle.onClose("MongoDB", roster.close);
  const queries = await createEntryQueries(roster.entries);

  const redis = connectRedis(config.REDIS_URL, log);
  lifecycle.onClose("Redis", redis.close);
  const readModel = createReadModel(redis);
  const keeper = createReadModelKeeper({
    readModel,
    queries,
    partitionOf: (waitlistId) => partitionOf(waitlistId, partitions),
    log,
    registry,
  });
  redis.onReady(keeper.redisIsBack);
  lifecycle.onClose("the read model", keeper.close);

  await ensureTopics(kafka, [events, deadLetters]);
  const appender = createAppender({ ...kafka, registry });
  lifecycle.onClose("the producer", appender.close);
  const consumer = createHistoryConsumer({
    ...kafka,
    group: GROUPS.storage,
    topic: events.name,
    decode: decodeEvent,
    cursors: roster.cursors,
    handler: createHistoryHandler({ ...roster, keeper, registry }),
    deadLetters: { appender, topic: deadLetters.name },
    onFatal: lifecycle.fail,
    registry,
  });
  lifecycle.onClose("the consumer", consumer.stop);

  const app = buildApp({
    log,
    registry,
    internalToken: config.INTERNAL_TOKEN,
    reads: { ...roster, queries, readModel },
    dependencies: {
      kafka: { probe: () => consumer.state().every(({ paused }) => !paused), required: true },
      mongodb: { probe: roster.ping, required: true },
      redis: { probe: () => redis.client.ping(), required: false },
    },
  });
  lifecycle.onClose("HTTP", () => app.close());
  await app.listen({ host: config.HOST, port: config.PORT });
  await consumer.start();
});
