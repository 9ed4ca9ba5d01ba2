// The whole service over a real log: what others see of it there and over HTTP.
import { type DataOf, decodeEvent, eventsTopic, partitionOf, type WaitlistEvent } from "@waitlist/contracts";
import { type Cursor, createHistoryConsumer } from "@waitlist/kafka";
import { eventually, uniqueName } from "@waitlist/testing";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { historyOf, silent } from "./support/roster.ts";
import {
  type Closing,
  createClosing,
  createPen,
  PARTITIONS,
  readsOf,
  startService,
} from "./support/service.ts";

const LIST = "socialode";
const PARTITION = partitionOf(LIST, PARTITIONS);
const { kafka: brokers, mongodb } = inject("backing");
const prefix = `${uniqueName("invite")}.`;
const home = { brokers, mongodb, prefix, database: uniqueName("invite") };
const topic = eventsTopic(PARTITIONS, prefix).name;
const kafka = { brokers: brokers.split(","), clientId: "invite-test", log: silent };

/** Everything on the log, as another consumer sees it. */
const seen: WaitlistEvent[] = [];
const allocations = (): DataOf<"InviteAllocated">[] =>
  seen.flatMap((event) => (event.type === "InviteAllocated" ? [event.data] : []));

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

const service = createClosing();
const others = createClosing();
const history = historyOf(LIST);
const batchAt = (batchId: string) => readsOf(running.app, LIST).batch(batchId, "?include=entries");
let running: Awaited<ReturnType<typeof startService>>;
let put: (from: number) => Promise<void>;

beforeAll(async () => {
  running = await startService(home, service);
  await readLog(others);
  const write = createPen(home, LIST, others);
  put = (from) => write(history.records.slice(from));
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
    const found = await batchAt("b-first");
    expect(found).toMatchObject({ status: "completed", allocated: 25, shortfall: 0 });
    return found;
  });
  const positions = Array.from({ length: 25 }, (_, index) => index + 1);
  expect(batch.entries?.map(({ position }) => position)).toEqual(positions);
  await eventually(() => expect(seen.at(-1)?.type).toBe("InviteBatchCompleted"));
  expect(allocations().map(({ position }) => position)).toEqual(positions);
  expect(new Set(allocations().map(({ code }) => code)).size).toBe(25);
});

test("a replay from the beginning invites nobody again, and later batches go on behind", async () => {
  await service.closeAll();
  running = await startService(home, service);
  await running.roster.db.collection("cursors").drop();
  await service.closeAll();
  running = await startService(home, service);

  const from = history.records.length;
  history.batch("b-second", 100);
  await put(from);
  await eventually(async () => {
    expect(await batchAt("b-second")).toMatchObject({ allocated: 35, shortfall: 65 });
  });
  await eventually(() => expect(seen.at(-1)).toMatchObject({ data: { batchId: "b-second", allocated: 35 } }));
  const order = allocations().map(({ position }) => position);
  expect(order).toEqual(Array.from({ length: 60 }, (_, index) => index + 1));
});
