// Real service processes at their guards: each ends with code 1 and one line that explains it and names its page.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { eventsTopic, partitionOf } from "@waitlist/contracts";
import { ensureTopics } from "@waitlist/kafka";
import { createApi, type System, startSystem } from "@waitlist/launcher";
import { createLogger } from "@waitlist/runtime";
import { eventually } from "@waitlist/testing";
import kafkajs, { type Admin } from "kafkajs";
import { MongoClient } from "mongodb";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

const LIST = "guarded";
const PARTITIONS = 12;
const PARTITION = partitionOf(LIST, PARTITIONS);
const TOPIC = eventsTopic(PARTITIONS);
const FATAL = 60;

type Consumer = "storage" | "email" | "invite";

let home: string;
let system: System;
let mongo: MongoClient;
let admin: Admin;
const api = () => createApi(system.endpoints.gateway, system.endpoints.adminKey);
const signUp = (name: string) => api().join(LIST, { email: `${name}@guarded.example.com` });

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), "waitlist-guards-"));
  system = await startSystem({ home, mode: "auto", env: { ...process.env, RATE_LIMIT: "off" } });
  mongo = new MongoClient(system.endpoints.mongodb);
  const { Kafka, logLevel } = kafkajs;
  admin = new Kafka({
    brokers: system.endpoints.kafka.split(","),
    logLevel: logLevel.NOTHING,
  }).admin();
  await admin.connect();
  expect((await api().defineList(LIST, { name: "Guarded" })).status).toBe(201);
  for (const name of ["ada", "bea", "cai"]) expect((await signUp(name)).status).toBe(202);
  await eventually(async () => {
    const { body } = await api().lag();
    assert.ok(body.items.every(({ lag }) => lag === 0));
  }, 30_000);
  const { storage, email, invite } = system.services;
  await Promise.all([storage, email, invite].map((service) => service.stop()));
});

afterAll(async () => {
  await admin?.disconnect();
  await mongo?.close();
  await system?.stop();
  await rm(home, { recursive: true, force: true });
});

/** The service's process, with the system's settings, to its end: its code, and its lines at level `fatal`. */
async function run(service: Consumer, changes: Record<string, string> = {}) {
  const main = fileURLToPath(new URL(`../../../services/${service}/src/main.ts`, import.meta.url));
  const { endpoints, secrets } = system;
  const env = {
    ...process.env,
    ...secrets,
    ...{ KAFKA_BROKERS: endpoints.kafka, MONGODB_URL: endpoints.mongodb, REDIS_URL: endpoints.redis },
    ...{ SMTP_URL: endpoints.mailbox.smtp, PUBLIC_URL: endpoints.gateway, PORT: "0" },
    ...{ STORAGE_URL: endpoints.services.storage, EMAIL_URL: endpoints.services.email },
    ...{ INVITE_URL: endpoints.services.invite, ...changes },
  };
  const child = spawn(process.execPath, [main], { env, stdio: ["ignore", "pipe", "inherit"] });
  const ended = new Promise<number | null>((resolve) => child.once("exit", resolve));
  const [stdout, code] = await Promise.all([text(child.stdout), ended]);
  const lines = stdout
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as { level: number; msg: string });
  return { code, fatal: lines.filter(({ level }) => level === FATAL).map(({ msg }) => msg), stdout };
}

const explanationWith = (page: string) => [expect.stringContaining(`Runbook: docs/runbooks/${page}.md`)];

async function withCursor(service: Consumer, next: number, act: () => Promise<void>): Promise<void> {
  const cursors = mongo.db(`waitlist_${service}`).collection<{ _id: string; next: number }>("cursors");
  const _id = `partition-${PARTITION}`;
  const former = await cursors.findOne({ _id });
  assert.ok(former);
  await cursors.updateOne({ _id }, { $set: { next } });
  await act();
  await cursors.updateOne({ _id }, { $set: { next: former.next } });
}

describe("a service's process ends with code 1 and one line that names the page", () => {
  test.for(["storage", "email", "invite"] as const)("%s with another ENTRY_ID_SECRET", async (service) => {
    const another = "another secret of more than sixteen";
    const { code, fatal, stdout } = await run(service, { ENTRY_ID_SECRET: another });
    expect(code).toBe(1);
    expect(fatal).toEqual(explanationWith("another-id-secret"));
    expect(stdout).not.toContain(another);
    expect(stdout).not.toContain(system.secrets.ENTRY_ID_SECRET);
  });

  test.for([
    { service: "email", next: 1_000_000, page: "recreated-topic" },
    { service: "storage", next: 1_000_000, page: "recreated-topic" },
    { service: "invite", next: -1, page: "impossible-cursor" },
  ] as const)("$service with a cursor at $next", async ({ service, next, page }) => {
    await withCursor(service, next, async () => {
      const { code, fatal } = await run(service);
      expect(code).toBe(1);
      expect(fatal).toEqual(explanationWith(page));
    });
  });

  test.for(["storage", "email", "invite"] as const)("%s where its topic is gone", async (service) => {
    const topics = await admin.listTopics();
    if (topics.includes(TOPIC.name)) await admin.deleteTopics({ topics: [TOPIC.name] });
    await eventually(async () => assert.ok(!(await admin.listTopics()).includes(TOPIC.name)));
    const { code, fatal } = await run(service);
    expect(code).toBe(1);
    expect(fatal).toEqual(explanationWith("recreated-topic"));
    expect(await admin.listTopics()).not.toContain(TOPIC.name);
  });
});

describe("a gateway whose topic was made anew", () => {
  test("accepts nothing, isn't ready, and names the page", async () => {
    const log = createLogger("test", "silent");
    await ensureTopics({ brokers: system.endpoints.kafka.split(","), clientId: "test", log }, [TOPIC]);
    await eventually(async () => {
      const { status, body } = await signUp("dan");
      expect(status).toBe(503);
      expect(JSON.stringify(body)).toContain("not the one that this installation was begun with");
    }, 60_000);
    const [{ high } = { high: "" }] = (await admin.fetchTopicOffsets(TOPIC.name)).filter(
      ({ partition }) => partition === PARTITION,
    );
    expect((await signUp("eva")).status).toBe(503);
    expect(await admin.fetchTopicOffsets(TOPIC.name)).toContainEqual(
      expect.objectContaining({ partition: PARTITION, high }),
    );
    await eventually(async () => {
      expect((await fetch(`${system.endpoints.gateway}/readyz`)).status).toBe(503);
    });
    expect(await readFile(join(home, "logs/gateway.log"), "utf8")).toContain(
      "Runbook: docs/runbooks/recreated-topic.md",
    );
  });
});
