import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { MongoClient } from "mongodb";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type Backing, type BackingEvent, HomeInUse, startBacking } from "../src/index.ts";
import { until } from "../src/process/until.ts";
import { createTopic, hasTopic, redis, sendMail, subjects } from "./wire.ts";

let home: string;
let backing: Backing;
const events: BackingEvent[] = [];
const start = () =>
  startBacking({
    home,
    mode: "embedded",
    env: { PATH: process.env.PATH, JAVA_HOME: process.env.JAVA_HOME },
    onEvent: (event) => events.push(event),
  });

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), "waitlist-embedded-"));
  backing = await start();
}, 120_000);

afterAll(async () => {
  await backing?.stop();
  await rm(home, { recursive: true, force: true });
});

const withMongo = async <T>(use: (client: MongoClient) => Promise<T>): Promise<T> => {
  const client = new MongoClient(backing.urls.mongodb, { serverSelectionTimeoutMS: 5000 });
  return use(client).finally(() => client.close());
};

/** Polls: what was restarted is not ready at once. */
async function eventually(check: () => Promise<boolean>): Promise<void> {
  expect(await until(check, 20_000)).toBe(true);
}

it("gives four URLs that work, and a second start finds the same data at the same places", async () => {
  await createTopic(backing.urls.kafka, "kept");
  await redis(backing.urls.redis, "SET kept yes");
  await withMongo((client) => client.db("kept").collection("things").insertOne({ kept: true }));
  expect(await sendMail(backing.urls.smtp, "Kept")).toMatch(/^250/);

  const { urls } = backing;
  const stopStarted = performance.now();
  await backing.stop();
  expect(performance.now() - stopStarted).toBeLessThan(20_000);
  const startStarted = performance.now();
  backing = await start();
  expect(performance.now() - startStarted).toBeLessThan(30_000);

  expect(backing.urls).toEqual(urls);
  expect(await hasTopic(urls.kafka, "kept")).toBe(true);
  expect(await redis(urls.redis, "GET kept")).toContain("yes");
  expect(await withMongo((client) => client.db("kept").collection("things").countDocuments())).toBe(1);
  expect(await subjects(urls.mailboxWeb)).toContain("Kept");
});

it("refuses a second start in the same home while the first is running", async () => {
  const failure = await start().catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(HomeInUse);
  expect((failure as Error).message).toContain(`is in use by process ${process.pid}`);
});

it("starts each again at the same place with the same data after a kill -9", async () => {
  await createTopic(backing.urls.kafka, "survivor");
  await redis(backing.urls.redis, "SET survivor yes");
  for (const one of backing.processes) one.kill("SIGKILL");
  await eventually(async () => backing.processes.every(({ restarts }) => restarts === 1));
  await eventually(() => hasTopic(backing.urls.kafka, "survivor"));
  await eventually(async () => (await redis(backing.urls.redis, "GET survivor")).includes("yes"));
  await eventually(async () => (await subjects(backing.urls.mailboxWeb)).includes("Kept"));
  expect(
    events
      .filter(({ kind }) => kind === "restarting")
      .map(({ name }) => name)
      .sort(),
  ).toEqual(["kafka", "mailbox", "mongodb", "redis"]);
});

it("loses no insert that MongoDB acknowledged before it was killed", async () => {
  const mongodb = backing.processes.find(({ name }) => name === "mongodb");
  const restartsBefore = mongodb?.restarts ?? 0;
  const acknowledged: number[] = [];
  await withMongo(async (client) => {
    const things = client.db("killed").collection<{ _id: number }>("things");
    await things.createIndex({ value: 1 });
    const writer = async (first: number) => {
      for (let id = first; ; id += 4) {
        await things.insertOne({ _id: id });
        acknowledged.push(id);
        if (acknowledged.length === 300) mongodb?.kill("SIGKILL");
      }
    };
    const outcomes = await Promise.allSettled([0, 1, 2, 3].map(writer));
    expect(outcomes.every(({ status }) => status === "rejected")).toBe(true);
  });
  await eventually(async () => mongodb?.restarts === restartsBefore + 1 && mongodb.pid !== null);
  await withMongo(async (client) => {
    const found = await client.db("killed").collection<{ _id: number }>("things").find().toArray();
    const ids = new Set(found.map(({ _id }) => _id));
    expect(acknowledged.filter((id) => !ids.has(id))).toEqual([]);
  });
});
