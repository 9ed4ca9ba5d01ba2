// A service that starts where its topic was lost: it does not begin another history in silence.
import { eventsTopic, GROUPS } from "@waitlist/contracts";
import { inspectTopics } from "@waitlist/kafka";
import { createLogger, Registry } from "@waitlist/runtime";
import { uniqueName } from "@waitlist/testing";
import { MongoClient } from "mongodb";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { createFollower, createMongoCursors, type Follower } from "../src/index.ts";

const PARTITIONS = 3;
const brokers = inject("backing").kafka;
const log = createLogger("test", "silent");

let client: MongoClient;
const closers: (() => Promise<unknown>)[] = [];

beforeAll(() => {
  client = new MongoClient(inject("backing").mongodb);
});

afterAll(async () => {
  for (const close of closers.reverse()) await close();
  await client.close();
});

const follow = (topicPrefix: string, cursors: ReturnType<typeof createMongoCursors>): Promise<Follower> =>
  createFollower({
    ...{ group: GROUPS.storage, brokers, topicPrefix, log, registry: new Registry() },
    roster: { cursors, installation: { secretFingerprint: "x", partitions: PARTITIONS } },
    handler: () => ({ takeOver: async () => undefined, apply: async () => undefined }),
    lifecycle: {
      onClose: (_what, close) => void closers.push(close),
      fail: (error) => {
        throw error;
      },
    },
  });

async function topicsOf(topicPrefix: string): Promise<string[]> {
  const { name } = eventsTopic(PARTITIONS, topicPrefix);
  const kafka = { brokers: brokers.split(","), clientId: "test", log };
  return [...(await inspectTopics(kafka, [name], Date.now())).topics.keys()];
}

test("a database that has read something, and no topic: nothing is made, and the runbook is named", async () => {
  const prefix = `${uniqueName("lost")}.`;
  const cursors = createMongoCursors(client.db(uniqueName("lost")));
  await cursors.advance(2, null, { next: 7, recordId: "r6" });
  await expect(follow(prefix, cursors)).rejects.toMatchObject({
    name: "TopicGone",
    message: expect.stringContaining("Runbook: docs/runbooks/recreated-topic.md"),
  });
  expect(await topicsOf(prefix)).toEqual([]);
});

test("a database that has read nothing gets its topic", async () => {
  const prefix = `${uniqueName("fresh")}.`;
  await follow(prefix, createMongoCursors(client.db(uniqueName("fresh"))));
  expect(await topicsOf(prefix)).toEqual([`${prefix}waitlist.events`]);
});
