// The service as main.ts puts it together, on a real log and a real database.
import {
  type DataOf,
  decodeEvent,
  encodeEvent,
  eventsTopic,
  GROUPS,
  partitionOf,
  type WaitlistEvent,
} from "@waitlist/contracts";
import { type Appender, type Cursor, createAppender, createHistoryConsumer } from "@waitlist/kafka";
import { createFollower } from "@waitlist/roster";
import { createRegistry, type Lifecycle } from "@waitlist/runtime";
import { eventually, uniqueName } from "@waitlist/testing";
import type { FastifyInstance } from "fastify";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { createFacts } from "../src/adapters/kafka-facts.ts";
import { buildApp } from "../src/app.ts";
import { createPreviewBatch } from "../src/handlers/preview-batch.ts";
import { SECRET } from "./support/reference.ts";
import { handlerOver, historyOf, openTestRoster, silent, storesOf } from "./support/roster.ts";

const LIST = "socialode";
const TOKEN = "an internal token";
const PARTITIONS = 12;
const PARTITION = partitionOf(LIST, PARTITIONS);
const { kafka: brokers, mongodb } = inject("backing");
const prefix = `${uniqueName("invite")}.`;
const database = uniqueName("invite");
const topic = eventsTopic(PARTITIONS, prefix).name;
const kafka = { brokers: brokers.split(","), clientId: "invite-test", log: silent };

/** Everything on the log, as another consumer sees it. */
const seen: WaitlistEvent[] = [];
const allocations = (): DataOf<"InviteAllocated">[] =>
  seen.flatMap((event) => (event.type === "InviteAllocated" ? [event.data] : []));

type Closing = Pick<Lifecycle, "onClose"> & { closeAll(): Promise<void> };
function createClosing(): Closing {
  const closers: (() => Promise<unknown>)[] = [];
  return {
    onClose: (_what, close) => void closers.push(close),
    closeAll: async () => {
      for (const close of closers.splice(0).reverse()) await close();
    },
  };
}

async function startService(closing: Closing) {
  const roster = await openTestRoster(mongodb, database);
  closing.onClose("MongoDB", roster.close);
  const stores = await storesOf(roster);
  const fail = (error: Error) => {
    throw error;
  };
  const follower = await createFollower({
    ...{ group: GROUPS.invite, brokers, topicPrefix: prefix, roster, log: silent },
    ...{ registry: createRegistry("invite"), lifecycle: { ...closing, fail } },
    handler: (appender: Appender, events: string) =>
      handlerOver(roster, { ...stores, facts: createFacts(appender, events) }),
  });
  const app = buildApp({
    ...{
      ...stores,
      preview: createPreviewBatch(stores.queue, SECRET),
      log: silent,
      registry: createRegistry("invite"),
      internalToken: TOKEN,
    },
    dependencies: { kafka: { probe: follower.isFollowing, required: true } },
  });
  await follower.start();
  return { app, roster };
}

async function readLog(closing: Closing): Promise<void> {
  let cursor: Cursor | null = null;
  const reader = createHistoryConsumer<WaitlistEvent>({
    ...{ ...kafka, group: `${prefix}reader`, topic, decode: decodeEvent },
    cursors: {
      load: async (partition) => (partition === PARTITION ? cursor : null),
      advance: async (partition, _from, to) => {
        if (partition === PARTITION) cursor = to;
        return true;
      },
    },
    handler: {
      takeOver: async () => undefined,
      apply: async ({ records }) => void seen.push(...records.map(({ event }) => event)),
    },
    deadLetters: { appender: { appendAll: async () => [] }, topic: "unused" },
    onFatal: (error) => {
      throw error;
    },
  });
  closing.onClose("the reader", reader.stop);
  await reader.start();
}

async function batchAt(app: FastifyInstance, batchId: string) {
  const response = await app.inject({
    url: `/internal/waitlists/${LIST}/invite-batches/${batchId}?include=entries`,
    headers: { authorization: `Bearer ${TOKEN}` },
  });
  expect(response.statusCode).toBe(200);
  return response.json();
}

const service = createClosing();
const others = createClosing();
const history = historyOf(LIST);
let running: Awaited<ReturnType<typeof startService>>;
let put: (from: number) => Promise<void>;

beforeAll(async () => {
  running = await startService(service);
  await readLog(others);
  const appender = createAppender(kafka);
  others.onClose("the appender", appender.close);
  put = async (from) => {
    const rest = history.records.slice(from);
    await appender.appendAll(
      rest.map(({ event }) => ({ topic, partition: PARTITION, key: LIST, value: encodeEvent(event) })),
    );
  };
});
afterAll(async () => {
  await running.roster.db.dropDatabase();
  await service.closeAll();
  await others.closeAll();
});

test("a batch on the log is allocated in order of position, announced on the log and shown over HTTP", async () => {
  history.define();
  for (let person = 0; person < 60; person += 1) history.join(`person-${person}`);
  history.batch("b-first", 25);
  await put(0);

  const batch = await eventually(async () => {
    const found = await batchAt(running.app, "b-first");
    expect(found).toMatchObject({ status: "completed", allocated: 25, shortfall: 0 });
    return found;
  });
  const positions = Array.from({ length: 25 }, (_, index) => index + 1);
  expect(batch.entries.map(({ position }: { position: number }) => position)).toEqual(positions);
  await eventually(() => expect(seen.at(-1)?.type).toBe("InviteBatchCompleted"));
  expect(allocations().map(({ position }) => position)).toEqual(positions);
  expect(new Set(allocations().map(({ code }) => code)).size).toBe(25);
});

test("a replay from the beginning invites nobody again, and later batches go on behind", async () => {
  await service.closeAll();
  running = await startService(service);
  await running.roster.db.collection("cursors").drop();
  await service.closeAll();
  running = await startService(service);

  const from = history.records.length;
  history.batch("b-second", 100);
  await put(from);
  await eventually(async () => {
    expect(await batchAt(running.app, "b-second")).toMatchObject({ allocated: 35, shortfall: 65 });
  });
  await eventually(() => expect(seen.at(-1)).toMatchObject({ data: { batchId: "b-second", allocated: 35 } }));
  const order = allocations().map(({ position }) => position);
  expect(order).toEqual(Array.from({ length: 60 }, (_, index) => index + 1));
});
