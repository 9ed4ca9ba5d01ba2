// A Redis of its own, killed, frozen and put back to an older state while batches go on.
import { copyFile, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Backing, startBacking } from "@waitlist/backing";
import { readModelKeys } from "@waitlist/contracts";
import type { RedisConnection } from "@waitlist/redis";
import { eventually, uniqueName } from "@waitlist/testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createReadModel } from "../src/adapters/redis-read-model.ts";
import { entryOf, idOf, type State } from "./support/entries.ts";
import { createOwner, createRecord, type Owner } from "./support/record.ts";
import { connected, cursorOf, readList } from "./support/redis.ts";

const PARTITION = 0;
const list = uniqueName("list");
const record = createRecord();
let home: string;
let backing: Backing;
let redis: RedisConnection;
let owner: Owner;

const start = () =>
  startBacking({
    home,
    mode: "embedded",
    only: ["redis"],
    env: { PATH: process.env.PATH, HOME: process.env.HOME, JAVA_HOME: process.env.JAVA_HOME },
  });

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), "waitlist-storage-"));
  backing = await start();
  redis = await connected(backing.urls.redis);
  owner = createOwner({ record, readModel: createReadModel(redis), partition: PARTITION });
  redis.onReady(owner.keeper.redisIsBack);
});
afterAll(async () => {
  await owner.keeper.close();
  await redis.close();
  await backing.stop();
  await rm(home, { recursive: true, force: true });
});

const change = (person: number, status: State["status"] = "waiting") =>
  owner.apply(entryOf(list, person, record.cursor, { status, position: person + 1 }));

/** Redis holds all of the record, and says so, in the run that it is in now. */
const isRight = () =>
  eventually(async () => {
    expect(redis.runId()).not.toBeNull();
    expect(await cursorOf(redis.client, PARTITION)).toBe(`${record.cursor}:${redis.runId()}`);
    expect(await readList(redis.client, list)).toEqual(record.expected(list));
  });
const ahead = (person: number) => redis.client.zrank(readModelKeys(list).queue, idOf(person));
const signal = (name: NodeJS.Signals) => {
  for (const one of backing.processes) one.kill(name);
};

test("a Redis that was killed gets what it missed, and places ahead are counted right again", async () => {
  for (const person of [0, 1, 2]) await change(person);
  await isRight();
  const before = redis.runId();
  signal("SIGKILL");
  await eventually(() => expect(redis.runId()).toBeNull());
  await change(0, "left");
  await change(3);
  await isRight();
  expect(redis.runId()).not.toBe(before);
  expect(await Promise.all([1, 2, 3].map(ahead))).toEqual([0, 1, 2]);
});

test("a Redis that hangs holds batches up once at most, and is right after it", async () => {
  signal("SIGSTOP");
  const began = performance.now();
  await change(1, "invited");
  await eventually(() => expect(redis.runId()).toBeNull());
  for (let person = 4; person < 24; person += 1) await change(person);
  expect(performance.now() - began).toBeLessThan(10_000);
  await change(2, "left");
  signal("SIGCONT");
  await isRight();
  expect(await ahead(3)).toBe(0);
});

test("a Redis that was put back to an older file is rebuilt", async () => {
  const file = join(home, "redis", "appendonly.aof");
  const kept = join(home, "kept.aof");
  await copyFile(file, kept);
  await change(3, "left");
  await change(30);
  await isRight();
  await backing.stop();
  await change(31);
  await copyFile(kept, file);
  backing = await start();
  await isRight();
  expect(await ahead(4)).toBe(0);
});
