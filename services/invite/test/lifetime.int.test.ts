// Lists whose invites expire, on a real log and a real database: two instances, and one clock that the test moves.
import { encodeEvent, GROUPS, partitionOf } from "@waitlist/contracts";
import { currentPlace, statusOf } from "@waitlist/roster";
import { eventually, uniqueName } from "@waitlist/testing";
import { afterAll, beforeAll, beforeEach, expect, inject, test } from "vitest";
import { createMongoExpiredBatches } from "../src/adapters/mongo-expired-batches.ts";
import type { Batch } from "../src/domain/batch.ts";
import { startInstance } from "./support/instance.ts";
import { type HistoryWriter, historyOf } from "./support/roster.ts";

const { kafka: brokers, mongodb } = inject("backing");
const topicPrefix = `${uniqueName("lifetime")}.`;
const database = uniqueName("lifetime");
const closers: (() => Promise<unknown>)[] = [];
const closing = { onClose: (_what: string, close: () => Promise<unknown>) => void closers.push(close) };

let now = 0;
let running: Awaited<ReturnType<typeof startInstance>>;

beforeAll(async () => {
  const options = { mongodb, database, brokers, topicPrefix, group: GROUPS.invite, closing };
  running = await startInstance({ ...options, clock: () => now });
  // The other one's clock is always a little behind.
  await startInstance({ ...options, clock: () => now - 1 });
});
afterAll(async () => {
  for (const close of closers.reverse()) await close();
});
beforeEach(() => {
  now = 0;
});

const written = new Map<HistoryWriter, number>();

/** Puts on the log what the test has written since. */
async function put(history: HistoryWriter, list: string): Promise<void> {
  const fresh = history.records.slice(written.get(history) ?? 0);
  written.set(history, history.records.length);
  const partition = partitionOf(list, running.roster.installation.partitions);
  const topic = running.eventsTopic;
  await running.appender.appendAll(
    fresh.map(({ event }) => ({ topic, partition, key: list, value: encodeEvent(event) })),
  );
}

const completed = (batchId: string): Promise<Batch> =>
  eventually(async () => {
    const batch = await running.batches.find(batchId);
    if (!batch?.completed) throw new Error(`${batchId} is not completed`);
    return batch;
  });

/** Each position of a list with its status. */
async function statuses(list: string): Promise<Record<number, string>> {
  const { entries } = running.roster;
  const places = (await entries.find({ waitlistId: list }).toArray()).map(currentPlace);
  return Object.fromEntries(places.map((place) => [place.position, statusOf(place)]));
}

const settled = (batchId: string) =>
  eventually(async () => expect(await running.batches.find(batchId)).toMatchObject({ isSettled: true }));

/** A list of three, the first of which gets an invite that then expires; returns the batch. */
async function expiring(list: string, invites: Parameters<HistoryWriter["define"]>[0]) {
  const history = historyOf(list);
  history.define(invites);
  for (const person of ["a", "b", "c"]) history.join(person);
  history.batch(`${list}-1`, 1);
  await put(history, list);
  const batch = await completed(`${list}-1`);
  expect(await statuses(list)).toEqual({ 1: "invited", 2: "waiting", 3: "waiting" });
  now = (batch.decision?.expiresAt ?? 0) + 1;
  await settled(batch.batchId);
  return history;
}

test("with reclaim, the next eligible entry gets the place, and that one's invite expires, too", async () => {
  const list = "reclaims";
  await expiring(list, { reclaim: true });
  await eventually(async () =>
    expect(await statuses(list)).toEqual({ 1: "expired", 2: "invited", 3: "waiting" }),
  );
  const reclaim = await eventually(async () => {
    const found = (await running.batches.list(list, { before: Number.MAX_SAFE_INTEGER, limit: 10 })).find(
      ({ reclaims }) => reclaims,
    );
    if (!found?.completed) throw new Error("the place is not given on yet");
    return found;
  });
  now = (reclaim.decision?.expiresAt ?? 0) + 1;
  await settled(reclaim.batchId);
  await eventually(async () =>
    expect(await statuses(list)).toEqual({ 1: "expired", 2: "expired", 3: "invited" }),
  );
});

test("with requeue `place`, an expired entry has its old place in later batches", async () => {
  const list = "requeues";
  const history = await expiring(list, { requeue: "place" });
  expect(await statuses(list)).toEqual({ 1: "waiting", 2: "waiting", 3: "waiting" });
  now = 0;
  history.batch(`${list}-2`, 2);
  await put(history, list);
  await completed(`${list}-2`);
  expect(await statuses(list)).toEqual({ 1: "invited", 2: "invited", 3: "waiting" });
});

test("without requeue, an expired entry gets no other invite", async () => {
  const list = "expires";
  const history = await expiring(list, {});
  now = 0;
  history.batch(`${list}-2`, 3);
  await put(history, list);
  expect(await completed(`${list}-2`)).toMatchObject({ progress: { allocated: 2 } });
  expect(await statuses(list)).toEqual({ 1: "expired", 2: "invited", 3: "invited" });
});

test("batches that are due are found the longest expired first, and once settled not again", async () => {
  const other = running.roster.db.client.db(uniqueName("due"));
  const batches = other.collection<{ _id: string }>("batches");
  const expired = await createMongoExpiredBatches(other);
  const batch = (_id: string, expiresAt: number, isOnLog = true) => ({
    ...{ _id, waitlistId: "any", isOnLog, decision: { taken: 1, highest: 1, expiresAt } },
  });
  await batches.insertMany([
    ...[batch("late", 20), batch("early", 10), batch("running", 5, false), batch("to come", 31)],
    { ...batch("undecided", 0), decision: null } as { _id: string },
  ]);
  const due = async () => {
    const ids: string[] = [];
    for await (const { batchId } of expired.due(30)) ids.push(batchId);
    return ids;
  };
  expect(await due()).toEqual(["early", "late"]);
  await expired.settle("early");
  expect(await due()).toEqual(["late"]);
  await other.dropDatabase();
});
