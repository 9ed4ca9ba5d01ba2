// Faults planted into real databases, one at a time: each is found, and nothing else.
import { secretFingerprint } from "@waitlist/contracts";
import {
  connectMongo,
  createIndexes,
  type Database,
  ensureInstallation,
  type MongoConnection,
} from "@waitlist/roster";
import type { Finding } from "@waitlist/runtime";
import { uniqueName } from "@waitlist/testing";
import { afterEach, beforeEach, expect, inject, test } from "vitest";
import { checkMongodb } from "../src/checks/mongodb.ts";
import { DATABASES } from "../src/examine.ts";

const { mongodb: url } = inject("backing");
const SECRET = "a secret of this test";
let databases: Database[];
let connections: MongoConnection[];

beforeEach(async () => {
  databases = DATABASES.map((each) => ({ ...each, name: uniqueName(each.name) }));
  connections = databases.map(({ name }) => connectMongo(url, name));
  const begunWith = { secretFingerprint: secretFingerprint(SECRET), partitions: 12 };
  for (const [at, { db }] of connections.entries()) {
    await ensureInstallation(db, begunWith);
    await createIndexes(db, databases[at]?.indexes ?? []);
  }
});
afterEach(async () => {
  for (const { db, close } of connections) {
    await db.dropDatabase();
    await close();
  }
});

const look = (more: Partial<Parameters<typeof checkMongodb>[0]> = {}) =>
  checkMongodb({ MONGODB_URL: url, ENTRY_ID_SECRET: SECRET, EVENT_PARTITIONS: 12, ...more }, databases);
const wrong = (findings: Finding[]) => findings.filter(({ state }) => state === "wrong");

test("databases as the services make them have nothing wrong, and the clock agrees", async () => {
  const findings = await look();
  expect(wrong(findings)).toEqual([]);
  expect(findings.map(({ about }) => about)).toContain("Clock of MongoDB");
});

test.each(DATABASES.flatMap(({ indexes }, at) => indexes.map((index) => [at, index] as const)))(
  "in database %i, a missing index %j is found",
  async (at, { collection, keys }) => {
    const db = connections[at]?.db;
    const found = await db?.collection(collection).indexes();
    const name = found?.find(({ key }) => JSON.stringify(key) === JSON.stringify(keys))?.name;
    await db?.collection(collection).dropIndex(name ?? "");
    const [finding, ...others] = wrong(await look());
    expect(others).toEqual([]);
    expect(finding).toMatchObject({ about: `Database ${databases[at]?.name}` });
    expect(finding?.says).toContain(`${collection} has no index over ${Object.keys(keys).join(", ")}`);
  },
);

test("another ENTRY_ID_SECRET is found in each database, and neither secret is told", async () => {
  const findings = wrong(await look({ ENTRY_ID_SECRET: "quite another secret" }));
  expect(findings).toHaveLength(3);
  for (const { says } of findings) expect(says).toContain("begun with another ENTRY_ID_SECRET");
  expect(JSON.stringify(findings)).not.toMatch(/quite another|of this test/);
});

test("another EVENT_PARTITIONS is found, with the number to set", async () => {
  const [first] = wrong(await look({ EVENT_PARTITIONS: 13 }));
  expect(first).toMatchObject({ todo: ["Set EVENT_PARTITIONS=12."] });
});

test("a database that its service has never run on is found", async () => {
  await connections[1]?.db.dropDatabase();
  expect(wrong(await look())).toMatchObject([
    { about: `Database ${databases[1]?.name}`, says: expect.stringContaining("there is nothing in it") },
  ]);
});

test("a server that doesn't answer is found, and its password isn't told", async () => {
  const findings = await look({ MONGODB_URL: "mongodb://ada:hush@127.0.0.1:1" });
  expect(findings).toMatchObject([{ state: "wrong", about: "MongoDB" }]);
  expect(JSON.stringify(findings)).not.toContain("hush");
});
