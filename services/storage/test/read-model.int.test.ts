// The read model's scripts in a real Redis: guards, tallies, cursor.
import { READ_MODEL_CHANNEL } from "@waitlist/contracts";
import type { RedisConnection } from "@waitlist/redis";
import { eventually, uniqueName } from "@waitlist/testing";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { createReadModel, type ReadModel, ReadModelIncomplete } from "../src/adapters/redis-read-model.ts";
import { SCRIPTS } from "../src/adapters/redis-scripts.ts";
import { entryOf, expectedModel, idOf, type State } from "./support/entries.ts";
import { connected, cursorOf, databaseOf, readList } from "./support/redis.ts";

const url = databaseOf(inject("backing").redis, 6);
const connections: RedisConnection[] = [];
const connect = async () => {
  const connection = await connected(url);
  connections.push(connection);
  return connection;
};

let redis: RedisConnection;
let model: ReadModel;
beforeAll(async () => {
  redis = await connect();
  await redis.client.flushdb();
  model = createReadModel(redis);
});
afterAll(async () => {
  for (const connection of connections) await connection.close();
});

const state: fc.Arbitrary<State> = fc.record({
  status: fc.constantFrom<State["status"]>(
    ...(["pending", "waiting", "requeued", "invited", "redeemed", "expired", "withdrawn", "left"] as const),
  ),
  position: fc.constantFrom(10, 20, 30),
  referredBy: fc.option(fc.constantFrom("aaaaaaaaaa", "bbbbbbbbbb"), { nil: undefined }),
});

/** Versions of a few people's entries, and writes of them in any order, some again and again, some never. */
const writes = fc.record({
  versions: fc.array(fc.record({ person: fc.nat(3), state }), { minLength: 1, maxLength: 12 }),
  batches: fc.array(fc.array(fc.nat(11), { maxLength: 4 }), { minLength: 1, maxLength: 10 }),
});

/** Whatever is written in whichever order, Redis holds the newest of it, and tallies of exactly that. */
const newestWins = (client: RedisConnection["client"], written: ReadModel) =>
  fc.asyncProperty(writes, async ({ versions, batches }) => {
    const list = uniqueName("list");
    // No two people share a position; who left and joined again has another one.
    const entries = versions.map(({ person, state }, offset) =>
      entryOf(list, person, offset, { ...state, position: state.position + person }),
    );
    const chosen = batches.map((batch) => batch.flatMap((index) => entries[index] ?? []));
    for (const batch of chosen) await written.write(batch);
    expect(await readList(client, list)).toEqual(expectedModel(chosen.flat()));
  });

describe("entries in Redis", () => {
  test("are replaced by newer ones only", async () => {
    const list = uniqueName("list");
    await model.write([entryOf(list, 1, 5, { status: "waiting", position: 1 })]);
    await model.write([entryOf(list, 1, 5, { status: "left", position: 9 })]);
    await model.write([entryOf(list, 1, 4, { status: "pending", position: 9 })]);
    expect((await readList(redis.client, list)).entries[idOf(1)]).toEqual(["5", "waiting", "1"]);
    await model.write([entryOf(list, 1, 10, { status: "invited", position: 1 })]);
    expect((await readList(redis.client, list)).entries[idOf(1)]).toEqual(["10", "invited", "1"]);
  });

  test("make the same tallies and queue in any order and repetition of writes", async () => {
    await fc.assert(newestWins(redis.client, model), { numRuns: 150 });
  });

  const weaknesses = {
    "the guard": ["if not stored[1] or tonumber(stored[1]) < tonumber(offset) then", "if true then"],
    "a number comparison": ["tonumber(stored[1]) < tonumber(offset)", "stored[1] < offset"],
    "taking the former status off": ["if stored[2] then", "if false then"],
    "taking the former referral off": ["if stored[3] and stored[3] ~= '' then", "if false then"],
    "taking who isn't waiting out of the queue": ["redis.call('ZREM', KEYS[1], id)", ""],
  };
  test.each(Object.entries(weaknesses))("would not without %s", async (_what, [part = "", instead = ""]) => {
    const connection = await connect();
    expect(SCRIPTS.WRITE_ENTRIES).toContain(part);
    const weak = { ...SCRIPTS, WRITE_ENTRIES: SCRIPTS.WRITE_ENTRIES.replace(part, instead) };
    const property = newestWins(connection.client, createReadModel(connection, weak));
    expect((await fc.check(property, { numRuns: 300, endOnFailure: true })).failed).toBe(true);
  });

  test("leave the queue with an invite, come back where it was requeued, and are counted by what became of it", async () => {
    const list = uniqueName("list");
    const history = ["waiting", "invited", "requeued", "invited", "expired"] as const;
    const counts = ["waiting", "invited", "waiting", "invited", "expired"];
    for (const [offset, status] of history.entries()) {
      await model.write([entryOf(list, 1, offset, { status, position: 1 })]);
      const { queue, counts: counted } = await readList(redis.client, list);
      expect(counted).toEqual({ [counts[offset] ?? ""]: 1 });
      expect(queue).toEqual(counts[offset] === "waiting" ? [idOf(1)] : []);
    }
  });

  test("are written in several scripts where there are many, and stand in order of position", async () => {
    const list = uniqueName("list");
    const entries = Array.from({ length: 501 }, (_, person) =>
      entryOf(list, person, person, { status: "waiting", position: person + 1 }),
    );
    await model.write([...entries].reverse());
    expect((await readList(redis.client, list)).queue).toEqual(entries.map(({ entryId }) => entryId));
  });
});

describe("the cursor", () => {
  const run = () => redis.runId() ?? "";
  const complete = async (partition: number, next: number) => {
    const epoch = await model.beginRebuild(partition, next);
    expect(await model.stamp(partition, { next, run: run(), epoch })).toBe(true);
    return epoch;
  };

  test("moves on without holes, and never back", async () => {
    expect(await model.advance(100, 0, 5)).toBe(false);
    await complete(100, 5);
    expect(await model.advance(100, 5, 8)).toBe(true);
    expect(await model.advance(100, 2, 6)).toBe(true);
    expect(await cursorOf(redis.client, 100)).toBe(`8:${run()}`);
    expect(await model.advance(100, 9, 10)).toBe(false);
    expect(await cursorOf(redis.client, 100)).toBe(`8:${run()}`);
  });

  test("is not moved back by a late stamp of a former owner", async () => {
    const epoch = await complete(101, 9);
    expect(await model.stamp(101, { next: 4, run: run(), epoch })).toBe(true);
    expect(await cursorOf(redis.client, 101)).toBe(`9:${run()}`);
  });

  test("of another run is neither moved on nor believed, but tells what was there", async () => {
    const epoch = await complete(102, 9);
    const restarted = createReadModel({ client: redis.client, runId: () => "next-run" });
    expect(await restarted.advance(102, 9, 10)).toBe(false);
    await expect(restarted.countOpen("any", 102)).rejects.toThrow(ReadModelIncomplete);
    expect(await restarted.state(102)).toEqual({ next: 9, run: run(), epoch });
    await expect(restarted.stamp(102, { next: 9, run: run(), epoch })).rejects.toThrow(ReadModelIncomplete);
    expect(await restarted.stamp(102, { next: 7, run: "next-run", epoch })).toBe(true);
    expect(await cursorOf(redis.client, 102)).toBe("7:next-run");
  });

  test("is taken away where it is behind as a rebuild begins, and left where it isn't", async () => {
    await complete(103, 9);
    await model.beginRebuild(103, 9);
    expect((await model.state(103))?.next).toBe(9);
    await model.beginRebuild(103, 10);
    expect(await model.state(103)).toBeNull();
  });

  test("counts open places only where the model is complete", async () => {
    const list = uniqueName("list");
    const states: State["status"][] = ["pending", "waiting", "invited", "left"];
    await model.write(states.map((status, at) => entryOf(list, at, at, { status, position: at + 1 })));
    await expect(model.countOpen(list, 104)).rejects.toThrow(ReadModelIncomplete);
    await complete(104, 4);
    expect(await model.countOpen(list, 104)).toBe(3);
  });
});

test("what is stored is announced", async () => {
  const { client } = await connect();
  const heard: unknown[] = [];
  client.on("message", (_channel, message) => heard.push(JSON.parse(message)));
  await client.subscribe(READ_MODEL_CHANNEL);
  await model.announce({ partition: 105, next: 7 });
  await eventually(() => expect(heard).toContainEqual({ partition: 105, next: 7 }));
});

test("nothing is written or believed while Redis is away", async () => {
  const away = createReadModel({ client: redis.client, runId: () => null });
  await expect(away.write([])).rejects.toThrow(ReadModelIncomplete);
  await expect(away.state(106)).rejects.toThrow(ReadModelIncomplete);
  await expect(away.countOpen("any", 106)).rejects.toThrow(ReadModelIncomplete);
});
