// Many places read at once share a round trip to a real Redis, and nothing else.
import { partitionOf, readModelCursorKey, readModelKeys } from "@waitlist/contracts";
import { connectRedis, type RedisConnection } from "@waitlist/redis";
import { createLogger } from "@waitlist/runtime";
import { createFaultProxy, eventually, uniqueName } from "@waitlist/testing";
import { afterAll, beforeAll, describe, expect, inject, it, vi } from "vitest";
import { createRedisReadModel, MAX_BATCH } from "../src/adapters/redis-read-model.ts";
import type { ReadModel } from "../src/ports.ts";

const PARTITIONS = 1000;
const log = createLogger("test", "silent");
const proxy = createFaultProxy();
const entryIdAt = (index: number) =>
  `${index}`.padStart(26, "a").replace(/[0189]/g, (digit) => `wxyz`.charAt("0189".indexOf(digit)));

let redis: RedisConnection;
let model: ReadModel;
/** How many entries each call of the script asked for. */
let scripts: number[];
beforeAll(async () => {
  const { hostname, port } = new URL(inject("backing").redis);
  const to = await proxy.proxied(hostname, Number(port));
  redis = connectRedis(`redis://${to.host}:${to.port}/4`, { log, commandTimeoutMs: 2000 });
  model = createRedisReadModel(redis, PARTITIONS);
  const scripted = redis.client as unknown as { readPlaces(...args: unknown[]): Promise<string> };
  const run = scripted.readPlaces.bind(scripted);
  vi.spyOn(scripted, "readPlaces").mockImplementation((...args) => {
    scripts.push(Number(args[0]) - 3);
    return run(...args);
  });
  await connected();
});
afterAll(async () => {
  await redis.close();
  await proxy.close();
});

const connected = () => eventually(() => expect(redis.runId()).not.toBeNull());

/** A list with so many people waiting in the order of their numbers, whose partition is stored up to 1000. */
async function aList(people: number): Promise<string> {
  const waitlistId = uniqueName("list");
  const keys = readModelKeys(waitlistId);
  const writes = redis.client.pipeline();
  for (let person = 0; person < people; person += 1) {
    const fields = { lastOffset: person, status: "waiting", position: person + 1, joinOffset: person };
    writes.hset(keys.entry(entryIdAt(person)), { ...fields, joinedAt: "2026-03-01T00:00:00.000Z" });
    writes.zadd(keys.queue, person + 1, entryIdAt(person));
    writes.hset(keys.referrals, entryIdAt(person).slice(0, 10), 3);
  }
  await writes.set(cursorKeyOf(waitlistId), `1000:${redis.runId()}`).exec();
  scripts = [];
  return waitlistId;
}
const cursorKeyOf = (waitlistId: string) => readModelCursorKey(partitionOf(waitlistId, PARTITIONS));

const readAll = (waitlistId: string, people: number) =>
  Promise.all(Array.from({ length: people }, (_, person) => model.read(waitlistId, entryIdAt(person))));

describe("places read at once", () => {
  it("are each that entry's own, in one round trip", async () => {
    const waitlistId = await aList(150);
    const answers = await readAll(waitlistId, 150);
    for (const [person, answer] of answers.entries()) {
      expect(answer).toMatchObject({
        next: 1000,
        entry: { entryId: entryIdAt(person), position: person + 1 },
      });
      expect(answer?.entry).toMatchObject({ waitlistId, ahead: person, joinOffset: person });
    }
    expect(scripts).toEqual([150]);
  });

  it("are bounded: more of them are more round trips", async () => {
    const people = 2 * MAX_BATCH + 50;
    const waitlistId = await aList(people);
    const answers = await readAll(waitlistId, people);
    expect(answers.map((answer) => answer?.entry?.position)).toEqual(answers.map((_, person) => person + 1));
    expect(scripts).toEqual([MAX_BATCH, MAX_BATCH, 50]);
  });

  it("may be of several lists, each believed by the cursor of its own partition", async () => {
    const [one, other] = [await aList(2), await aList(2)];
    await redis.client.set(cursorKeyOf(other), `1000:${"0".repeat(40)}`);
    const [first, second] = await Promise.all([readAll(one, 2), readAll(other, 2)]);
    expect(first.map((answer) => answer?.entry?.position)).toEqual([1, 2]);
    expect(second).toEqual([null, null]);
  });

  it("aren't disturbed by one that isn't there, nor by one that makes no sense", async () => {
    const waitlistId = await aList(4);
    const { entry } = readModelKeys(waitlistId);
    await redis.client.del(entry(entryIdAt(1)));
    await redis.client.hset(entry(entryIdAt(2)), { position: "first" });
    const answers = await readAll(waitlistId, 4);
    expect(answers.map((answer) => answer?.entry?.position ?? answer)).toEqual([
      1,
      { next: 1000, entry: null },
      { next: 1000, entry: null },
      4,
    ]);
  });

  it("of one list fail without those of another", async () => {
    const [one, broken] = [await aList(1), await aList(1)];
    await redis.client.set(readModelKeys(broken).queue, "no sorted set");
    const [fine, failed] = await Promise.allSettled([readAll(one, 1), readAll(broken, 1)]);
    expect(fine.status).toBe("fulfilled");
    expect(failed).toMatchObject({
      status: "rejected",
      reason: { message: expect.stringContaining("WRONGTYPE") },
    });
  });
});

describe("a failure of Redis", () => {
  it("rejects all that is read at once, and the next reads go well", async () => {
    const waitlistId = await aList(3);
    proxy.cutAnswers({ oneIn: 1, times: 1 });
    const reads = [0, 1, 2].map((person) => model.read(waitlistId, entryIdAt(person)));
    const failed = await Promise.allSettled(reads);
    expect(failed.map(({ status }) => status)).toEqual(["rejected", "rejected", "rejected"]);
    expect(proxy.cuts()).toBe(1);
    await connected();
    const answers = await readAll(waitlistId, 3);
    expect(answers.map((answer) => answer?.entry?.position)).toEqual([1, 2, 3]);
  });

  it("rejects at once while it is away", async () => {
    proxy.unreachable(true);
    await eventually(() => expect(redis.runId()).toBeNull());
    const failed = await Promise.allSettled([model.read("a", entryIdAt(0)), model.read("b", entryIdAt(1))]);
    expect(failed.map(({ status }) => status)).toEqual(["rejected", "rejected"]);
    proxy.unreachable(false);
    await connected();
  });

  it("that forgets its scripts is told them again", async () => {
    const waitlistId = await aList(1);
    await readAll(waitlistId, 1);
    await redis.client.script("FLUSH");
    expect((await readAll(waitlistId, 1))[0]?.entry?.position).toBe(1);
  });
});
