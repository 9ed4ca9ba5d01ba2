import { openEntries } from "@waitlist/roster";
import { createLogger, Registry } from "@waitlist/runtime";
import { eventually, uniqueName } from "@waitlist/testing";
import { MongoClient } from "mongodb";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { createReadTotals } from "../src/adapters/mongo-totals.ts";
import type { Person } from "../src/domain/person.ts";
import { startReconciliation } from "../src/timers/reconciliation.ts";

const client = new MongoClient(inject("backing").mongodb);
const db = client.db(uniqueName("reconciliation"));

const place = (position: number) => ({
  ...{ joinOffset: position, eventId: `e${position}`, position, joinedAt: 0, needsConfirmation: false },
});

async function entry(_id: string, waitlistId: string, positions: number[]): Promise<void> {
  await db.collection<{ _id: string }>("entries").insertOne({
    ...{ _id, waitlistId, places: positions.map(place), repeatIds: [], lastOffset: 9, details: null },
  } as { _id: string });
}

beforeAll(async () => {
  await entry("a", "whole", [1, 3]);
  await entry("b", "whole", [2]);
  await entry("c", "elsewhere", [2]);
});

afterAll(async () => {
  await db.dropDatabase();
  await client.close();
});

test("a gap in a list of ours is seen, and what another instance looks after is not ours to report", async () => {
  const registry = new Registry();
  const readTotals = createReadTotals(await openEntries<Person>(db, "entries"));
  const look = startReconciliation({
    ...{ readTotals, registry, log: createLogger("test", "silent"), everyMs: 20 },
    isOurs: (waitlistId) => waitlistId !== "elsewhere",
  });
  const off = async () =>
    (await registry.getSingleMetric("waitlist_reconciliation_unbalanced_lists")?.get())?.values[0]?.value;
  await eventually(async () => expect(await off()).toBe(0));
  await entry("d", "whole", [5]);
  await eventually(async () => expect(await off()).toBe(1));
  await entry("e", "whole", [4]);
  await eventually(async () => expect(await off()).toBe(0));
  await look.stop();
});
