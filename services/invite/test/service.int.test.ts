// The whole service over a real log: what others see of it there and over HTTP.
import { type DataOf, decodeEvent, eventsTopic, partitionOf, type WaitlistEvent } from "@waitlist/contracts";
import { type Cursor, createHistoryConsumer } from "@waitlist/kafka";
import { createRegistry } from "@waitlist/runtime";
import { eventually, uniqueName } from "@waitlist/testing";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { startTimers } from "../src/timers/start.ts";
import { historyOf, silent, TIMERS } from "./support/roster.ts";
import {
  type Closing,
  createClosing,
  createPen,
  PARTITIONS,
  readsOf,
  type Started,
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

/** Timers go by these, each by its own: they differ, and go back. */
const clock = { ahead: 0 };

/** Timers for two instances of the service: one's clock is behind the other's. */
async function start(): Promise<Started> {
  const { roster, follower, stores, app } = await startService(home, service);
  for (const behindMs of [0, 40_000]) {
    await startTimers({
      ...{ ...stores, roster, follower, log: silent, config: TIMERS, lifecycle: service },
      ...{ registry: createRegistry("invite"), clock: () => Date.now() + clock.ahead - behindMs },
    });
  }
  return { roster, follower, stores, app };
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

const service = createClosing();
const others = createClosing();
const history = historyOf(LIST);
const batchAt = (batchId: string) => readsOf(running.app, LIST).batch(batchId, "?include=entries");
let running: Started;
let put: (from: number) => Promise<void>;

beforeAll(async () => {
  running = await start();
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
  running = await start();
  await running.roster.db.collection("cursors").drop();
  await service.closeAll();
  running = await start();

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

test("a schedule that is due each minute runs each minute once, through a restart, until its total", {
  timeout: 120_000,
}, async () => {
  const more = history.records.length;
  for (let person = 60; person < 70; person += 1) history.join(`person-${person}`);
  history.schedule({ count: 2, total: 5 });
  await put(more);
  const scheduled = () => readsOf(running.app, LIST).schedule("daily");
  // A minute may begin meanwhile: then the next run is there, too.
  const asks = (asked: number) =>
    eventually(async () => expect((await scheduled()).asked).toBeGreaterThanOrEqual(asked), 30_000);

  await eventually(async () => expect(await scheduled()).toMatchObject({ state: "active" }));
  clock.ahead = 60_000;
  await asks(2);
  // A clock that goes back doesn't run a slot again, nor do others' timers, nor whoever starts anew.
  clock.ahead = 0;
  await service.closeAll();
  running = await start();
  clock.ahead = 120_000;
  await asks(4);
  clock.ahead = 180_000;
  await asks(5);
  clock.ahead = 600_000;
  expect(await scheduled()).toMatchObject({ state: "finished", asked: 5, total: 5, setBy: "ada" });

  const runs = () =>
    seen.flatMap((event) =>
      event.type === "InviteBatchCompleted" && event.data.batchId.startsWith("s-") ? [event.data] : [],
    );
  await eventually(() => expect(runs().map(({ allocated }) => allocated)).toEqual([2, 2, 1]));
  const { items } = await readsOf(running.app, LIST).batches();
  const ofSchedule = items.filter(({ scheduleId }) => scheduleId);
  expect(ofSchedule.map(({ count }) => count)).toEqual([1, 2, 2]);
  expect(allocations().map(({ position }) => position)).toEqual(
    Array.from({ length: 65 }, (_, index) => index + 1),
  );
});
