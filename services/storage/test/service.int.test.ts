// The service as main.ts puts it together: from a real log to the record, the read model and the routes.
import { Value } from "@sinclair/typebox/value";
import {
  createEvent,
  encodeEvent,
  entryIdOf,
  eventsTopic,
  GROUPS,
  partitionOf,
  READ_MODEL_CHANNEL,
  referralCodeOf,
  WaitlistDefinition,
  type WaitlistEvent,
} from "@waitlist/contracts";
import { type Appender, createAppender } from "@waitlist/kafka";
import type { RedisConnection } from "@waitlist/redis";
import { createFollower, openRoster, type Roster } from "@waitlist/roster";
import { createRegistry } from "@waitlist/runtime";
import { eventually, uniqueName } from "@waitlist/testing";
import type { FastifyInstance } from "fastify";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { createEntryQueries } from "../src/adapters/mongo-queries.ts";
import { createReadModel } from "../src/adapters/redis-read-model.ts";
import { buildApp } from "../src/app.ts";
import { evolvePerson, type Person } from "../src/domain/person.ts";
import { createHistoryHandler } from "../src/handlers/history.ts";
import { createReadModelKeeper } from "../src/handlers/read-model-keeper.ts";
import { connected, cursorOf, databaseOf, readList, silent } from "./support/redis.ts";

const SECRET = "a secret of this test";
const TOKEN = "an internal token";
/** More than other tests' installations have: announcements know no databases. */
const PARTITIONS = 24;
const LIST = Array.from({ length: 99 }, (_, n) => `list-${n}`).find(
  (id) => partitionOf(id, PARTITIONS) === 23,
);
if (LIST === undefined) throw new Error("a list in the last partition");
const PARTITION = 23;
const { kafka: brokers, mongodb, redis: redisUrl } = inject("backing");
const prefix = `${uniqueName("storage")}.`;
const database = uniqueName("storage");
const topic = eventsTopic(PARTITIONS, prefix).name;

type Service = Awaited<ReturnType<typeof startService>>;
let redis: RedisConnection;
let appender: Appender;
let service: Service;

/** With a database that lives on when the service stops. */
async function startService() {
  const closers: (() => Promise<unknown>)[] = [];
  const onClose = (_what: string, close: () => Promise<unknown>) => void closers.push(close);
  const registry = createRegistry("storage");
  const roster: Roster<Person> = await openRoster<Person>({
    ...{ url: mongodb, database, collection: "entries", secret: SECRET, partitions: PARTITIONS },
    ...{ evolve: evolvePerson, log: silent },
  });
  onClose("MongoDB", roster.close);
  const queries = await createEntryQueries(roster.entries);
  const connection = await connected(databaseOf(redisUrl, 8));
  onClose("Redis", connection.close);
  const readModel = createReadModel(connection);
  const keeper = createReadModelKeeper({
    ...{ readModel, queries, cursors: roster.cursors, log: silent, registry },
    partitionOf: (id) => partitionOf(id, PARTITIONS),
  });
  connection.onReady(keeper.redisIsBack);
  onClose("the read model", keeper.close);
  const fail = (error: Error) => {
    throw error;
  };
  const follower = await createFollower({
    ...{ group: GROUPS.storage, brokers, topicPrefix: prefix, roster, log: silent, registry },
    handler: () => createHistoryHandler({ ...roster, keeper, registry }),
    lifecycle: { onClose, fail },
  });
  const app: FastifyInstance = buildApp({
    ...{ log: silent, registry, internalToken: TOKEN, reads: { ...roster, queries, readModel } },
    dependencies: { kafka: { probe: follower.isFollowing, required: true } },
  });
  follower.start();
  const stop = async () => {
    for (const close of closers.reverse()) await close();
  };
  return { app, roster, registry, stop };
}

beforeAll(async () => {
  redis = await connected(databaseOf(redisUrl, 8));
  await redis.client.flushdb();
  service = await startService();
  appender = createAppender({ brokers: brokers.split(","), clientId: "storage-test", log: silent });
});
afterAll(async () => {
  await appender.close();
  await service.roster.db.dropDatabase();
  await service.stop();
  await redis.close();
});

const origin = { source: "/test", at: Date.now() };
const person = (name: string) => ({ waitlistId: LIST, entryId: entryIdOf(SECRET, LIST, name) });
const join = (name: string, more: { referredBy?: string } = {}) =>
  createEvent(
    "WaitlistJoined",
    { ...person(name), email: `${name}@example.com`, needsConfirmation: false, ...more },
    origin,
  );

const append = (...values: (WaitlistEvent | Buffer)[]) =>
  appender.appendAll(
    values.map((value) => ({
      ...{ topic, partition: PARTITION, key: LIST },
      value: Buffer.isBuffer(value) ? value : encodeEvent(value),
    })),
  );

/** Redis says that it holds the log up to `next`, after the record's cursor. */
const followed = (next: number) =>
  eventually(async () => {
    expect((await service.roster.cursors.load(PARTITION))?.next).toBe(next);
    expect(await cursorOf(redis.client, PARTITION)).toBe(`${next}:${redis.runId()}`);
  });

const get = async (path: string) =>
  (await service.app.inject({ url: path, headers: { authorization: `Bearer ${TOKEN}` } })).json();

const everything = async () => ({
  entries: await service.roster.entries.find().sort({ _id: 1 }).toArray(),
  definitions: await service.roster.definitions.all(),
  readModel: await readList(redis.client, LIST),
});

test("a history becomes entries, definitions, a read model, announcements and pages", async () => {
  const heard: string[] = [];
  const subscriber = await connected(databaseOf(redisUrl, 8));
  subscriber.client.on("message", (_channel, message) => heard.push(message));
  await subscriber.client.subscribe(READ_MODEL_CHANNEL);

  const definition = Value.Default(WaitlistDefinition, { name: "A list", invites: {} }) as WaitlistDefinition;
  const defined = createEvent("WaitlistDefined", { waitlistId: LIST, definition, idKeyVersion: "k" }, origin);
  const code = referralCodeOf(person("ada").entryId);
  await append(defined, join("ada"), join("bob", { referredBy: code }), join("ada"), Buffer.from("poison"));
  const unreadable = JSON.parse(encodeEvent(join("eve")).toString());
  unreadable.data.email = 7;
  await append(Buffer.from(JSON.stringify(unreadable)), join("fay"));
  await append(createEvent("EntryErased", { ...person("bob"), joinOffset: 2 }, origin));
  await followed(8);
  const ours = () =>
    heard.map((message) => JSON.parse(message)).filter(({ partition }) => partition === PARTITION);
  await eventually(() => expect(ours()).toContainEqual({ partition: PARTITION, next: 8, changed: [LIST] }));
  await subscriber.close();

  expect(await get(`/internal/waitlists/${LIST}`)).toMatchObject({ offset: 0, definition, count: 3 });
  const { items } = await get(`/internal/waitlists/${LIST}/entries`);
  expect(items.map(({ email, position }: Record<string, unknown>) => [email, position])).toEqual([
    ["ada@example.com", 1],
    [null, 3],
    ["fay@example.com", 4],
  ]);
  const fay = await get(`/internal/entries/${person("fay").entryId}`);
  expect(fay).toMatchObject({ position: 4, ahead: 2, status: "waiting", joinOffset: 6 });
  const bob = await service.roster.entries.findOne({ _id: person("bob").entryId });
  expect(bob).toMatchObject({ status: "left", position: 2, details: null });
  expect(await readList(redis.client, LIST)).toMatchObject({
    queue: ["ada", "eve", "fay"].map((name) => person(name).entryId),
    ...{ counts: { waiting: 3, left: 1 }, referrals: {} },
  });
});

test("a replay of everything changes nothing", async () => {
  const before = await everything();
  expect(before.entries).toHaveLength(4);
  await service.stop();
  const cleaner = await openRoster<Person>({
    ...{ url: mongodb, database, collection: "entries", secret: SECRET, partitions: PARTITIONS },
    ...{ evolve: evolvePerson, log: silent },
  });
  await cleaner.db.collection("cursors").deleteMany({});
  await cleaner.close();
  service = await startService();
  await followed(8);
  expect(await everything()).toEqual(before);
  await append(join("gus"));
  await followed(9);
  expect(await get(`/internal/entries/${person("gus").entryId}`)).toMatchObject({ position: 5, ahead: 3 });
});
