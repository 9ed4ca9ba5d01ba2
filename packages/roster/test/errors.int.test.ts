import { Registry } from "@waitlist/runtime";
import { createFaultProxy, eventually, uniqueName } from "@waitlist/testing";
import { afterEach, expect, inject, test } from "vitest";
import { connectMongo, type MongoConnection } from "../src/mongo/connect.ts";

const NONE = { heartbeat: 0, checkout: 0, pool: 0, connection: 0, command: 0 };

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const each of open.splice(0).reverse()) await each.close();
});

function connect(url = inject("backing").mongodb): MongoConnection & { errors(): Promise<typeof NONE> } {
  const registry = new Registry();
  const connection = connectMongo(url, uniqueName("errors"), registry);
  open.push(connection);
  const errors = async () => {
    const metric = await registry.getSingleMetric("waitlist_mongodb_errors_total")?.get();
    const counts = (metric?.values ?? []).map(({ labels, value }) => [String(labels.kind), value]);
    return Object.fromEntries(counts) as typeof NONE;
  };
  return { ...connection, errors };
}

test("a database that is away counts, and one that answers does not", async () => {
  const away = connect("mongodb://127.0.0.1:1");
  await expect(away.ping()).rejects.toThrow();
  const { heartbeat, command } = await away.errors();
  expect(heartbeat).toBeGreaterThan(0);
  expect(command).toBe(1);

  const there = connect();
  await there.ping();
  expect(await there.errors()).toEqual(NONE);
});

test("connections that break count, and that all of the pool's were given up", async () => {
  const proxy = createFaultProxy();
  open.push(proxy);
  const { hostname, port } = new URL(inject("backing").mongodb);
  const behind = await proxy.proxied(hostname, Number(port));
  const { db, errors } = connect(`mongodb://${behind.host}:${behind.port}/?directConnection=true`);
  const notes = db.collection<{ _id: number }>("notes");
  await notes.insertOne({ _id: 1 });
  expect(await errors()).toEqual(NONE);

  proxy.cutAnswers({ oneIn: 1 });
  await eventually(async () => {
    await expect(notes.findOne({ _id: 1 })).rejects.toThrow();
    const { pool, connection, command } = await errors();
    for (const count of [pool, connection, command]) expect(count).toBeGreaterThan(0);
  }, 20_000);
  proxy.stopCutting();
  await eventually(async () => expect(await notes.findOne({ _id: 1 })).toEqual({ _id: 1 }), 20_000);
});

test("commands that fail count once each, wherever they were begun; a key that is there already is none", async () => {
  const { db, errors } = connect();
  const notes = db.collection<{ _id: number; text?: string }>("notes");
  await notes.insertMany([{ _id: 1 }, { _id: 2 }]);
  await expect(notes.insertOne({ _id: 1 })).rejects.toThrow("duplicate key");
  const all: number[] = [];
  for await (const { _id } of notes.find().sort({ _id: -1 }).limit(5)) all.push(_id);
  expect(all).toEqual([2, 1]);
  expect(await errors()).toEqual(NONE);

  const wrong = { text: { $nonsense: 1 } } as object;
  await expect(notes.find(wrong).toArray()).rejects.toThrow();
  expect(await errors()).toEqual({ ...NONE, command: 1 });
  const iterate = async () => {
    for await (const each of notes.find(wrong)) all.push(each._id);
  };
  await expect(iterate()).rejects.toThrow();
  expect(await errors()).toEqual({ ...NONE, command: 2 });
  await expect(db.command({ nonsense: 1 })).rejects.toThrow();
  expect(await errors()).toEqual({ ...NONE, command: 3 });
});
