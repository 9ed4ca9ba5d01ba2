// Records a second through storage's own consumer and handler, against a bare insert of the same documents.
import {
  createEvent,
  deadLetterTopic,
  decodeEvent,
  encodeEvent,
  entryIdOf,
  eventsTopic,
  partitionOf,
  type WaitlistEvent,
} from "@waitlist/contracts";
import { createAppender, createHistoryConsumer, ensureTopics, type HistoryHandler } from "@waitlist/kafka";
import { connectRedis } from "@waitlist/redis";
import { type EntryDocument, openEntries, openRoster } from "@waitlist/roster";
import { createLogger, createRegistry } from "@waitlist/runtime";
import { createEntryQueries } from "@waitlist/storage/adapters/mongo-queries";
import { createReadModel } from "@waitlist/storage/adapters/redis-read-model";
import { evolvePerson, type Person } from "@waitlist/storage/domain/person";
import { createHistoryHandler } from "@waitlist/storage/handlers/history";
import { createReadModelKeeper } from "@waitlist/storage/handlers/read-model-keeper";
import type { Db } from "mongodb";
import { interleave, ratios, summarize } from "./rounds.ts";
import type { Row } from "./table.ts";

const RECORDS = 10_000;
const ROUNDS = 5;
const CHUNK = 500;
const PARTITIONS = 1;
const SECRET = "a secret for benchmarks only";

export interface Urls {
  kafka: string;
  mongodb: string;
  redis: string;
}

export async function benchStorage(urls: Urls): Promise<Row[]> {
  let stored: { db: Db; documents: EntryDocument<Person>[]; close: () => Promise<void> } | null = null;
  const samples = await interleave(["storage", "bare"] as const, ROUNDS, async (variant, round) => {
    if (variant === "storage") {
      await stored?.close();
      const run = await throughStorage(urls, round);
      stored = run;
      return run.perSecond;
    }
    if (!stored) throw new Error("nothing was stored");
    return insertBare(stored.db, stored.documents, `bare-${round}`);
  });
  await (stored as { close: () => Promise<void> } | null)?.close();
  return [
    {
      what: "Records/s through storage (places, guards, read model) over a bare insertMany",
      aim: "0.7 or more",
      ratio: summarize(ratios(samples.storage, samples.bare)),
      note: `${Math.round(summarize(samples.storage).median)} over ${Math.round(summarize(samples.bare).median)} a second`,
    },
  ];
}

/** The same documents with the same indexes, in chunks of the same size, and nothing else. */
async function insertBare(db: Db, documents: EntryDocument<Person>[], name: string): Promise<number> {
  const collection = await openEntries<Person>(db, name);
  await createEntryQueries(collection);
  const began = performance.now();
  for (let start = 0; start < documents.length; start += CHUNK) {
    await collection.insertMany(documents.slice(start, start + CHUNK) as never, { ordered: false });
  }
  return documents.length / ((performance.now() - began) / 1000);
}

/** A fresh topic with `RECORDS` signups, followed into a fresh database. Timed from the first record to the last. */
async function throughStorage(urls: Urls, round: number) {
  const log = createLogger("bench", "silent");
  const registry = createRegistry("bench");
  const prefix = `bench-storage-${process.pid}-${round}.`;
  const kafka = { brokers: urls.kafka.split(","), clientId: "bench-storage", log };
  const events = eventsTopic(PARTITIONS, prefix);
  const deadLetters = deadLetterTopic("storage", prefix);
  await ensureTopics(kafka, [events, deadLetters]);
  const appender = createAppender({ ...kafka, maxQueued: RECORDS });
  await writeSignups(appender, events.name, `bench-${round}`);

  const roster = await openRoster<Person>({
    ...{ url: urls.mongodb, database: `bench-storage-${process.pid}-${round}`, collection: "entries" },
    ...{ secret: SECRET, partitions: PARTITIONS, evolve: evolvePerson, log },
  });
  const queries = await createEntryQueries(roster.entries);
  const redis = connectRedis(urls.redis, { log });
  const readModel = createReadModel(redis);
  const keeper = createReadModelKeeper({
    ...{ readModel, queries, partitionOf: () => 0, cursors: roster.cursors, log, registry },
  });
  redis.onReady(keeper.redisIsBack);
  const timed = timeTheLast(createHistoryHandler({ ...roster, keeper, registry }));
  const failed = Promise.withResolvers<never>();
  const consumer = createHistoryConsumer({
    ...kafka,
    ...{ group: `${prefix}storage`, topic: events.name, decode: decodeEvent, cursors: roster.cursors },
    ...{ handler: timed.handler, deadLetters: { appender, topic: deadLetters.name }, maxRecords: CHUNK },
    onFatal: failed.reject,
  });
  consumer.start();
  const perSecond = await Promise.race([timed.perSecond, failed.promise]);
  await consumer.stop();
  await appender.close();
  await keeper.close();
  await redis.close();
  // In the order in which they were inserted: an index is cheaper to fill in its own order.
  const documents = (await roster.entries.find().sort({ position: 1 }).toArray()) as EntryDocument<Person>[];
  const close = async () => {
    await roster.db.dropDatabase();
    await roster.close();
  };
  return { db: roster.db, documents, perSecond, close };
}

/** The handler as it is, with a clock around it. */
function timeTheLast(handler: HistoryHandler<WaitlistEvent>) {
  const perSecond = Promise.withResolvers<number>();
  let began: number | undefined;
  const timed: HistoryHandler<WaitlistEvent> = {
    takeOver: handler.takeOver,
    apply: async (batch) => {
      began ??= performance.now();
      await handler.apply(batch);
      if (batch.next >= RECORDS) perSecond.resolve(RECORDS / ((performance.now() - began) / 1000));
    },
  };
  return { handler: timed, perSecond: perSecond.promise };
}

async function writeSignups(
  appender: ReturnType<typeof createAppender>,
  topic: string,
  waitlistId: string,
): Promise<void> {
  const requests = Array.from({ length: RECORDS }, (_, person) => {
    const email = `person${person}@example.com`;
    const data = {
      ...{ waitlistId, entryId: entryIdOf(SECRET, waitlistId, email), email, needsConfirmation: false },
      ...{
        name: "A Person With A Name",
        answers: { why: "Because small groups are kinder." },
        source: "blog",
      },
    };
    const value = encodeEvent(createEvent("WaitlistJoined", data, { source: "/bench", at: Date.now() }));
    return { topic, partition: partitionOf(waitlistId, PARTITIONS), key: waitlistId, value };
  });
  await appender.appendAll(requests);
}
