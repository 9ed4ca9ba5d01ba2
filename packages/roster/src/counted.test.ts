import { createEvent } from "@waitlist/contracts";
import { Registry } from "@waitlist/runtime";
import { expect, test } from "vitest";
import { counted } from "./counted.ts";
import type { EntryRecord, RosterRecord } from "./entry.ts";

const origin = { source: "/test", at: 0 };
const left = createEvent("EntryLeft", { waitlistId: "a", entryId: "e", joinOffset: 1 }, origin);
const batch = createEvent(
  "InviteBatchRequested",
  { waitlistId: "a", batchId: "b", count: 1, requestedBy: "ops" },
  origin,
);
const records: RosterRecord[] = [left, batch].map((event, offset) => ({ offset, timestamp: 0, event }));

test("records are counted by type and by what they did, with nothing of the list or the person", async () => {
  const registry = new Registry();
  const effects = [{ record: records[0] as EntryRecord, outcome: { kind: "none" as const } }];
  const projection = counted(
    { apply: async () => ({ entries: new Map(), effects }), takeOver: () => undefined },
    registry,
  );
  await projection.apply({ partition: 0, first: 0, next: 2, records });
  const metric = await registry.getSingleMetric("waitlist_records_total")?.get();
  expect(metric?.values).toEqual([
    { labels: { type: "EntryLeft", outcome: "none" }, value: 1 },
    { labels: { type: "InviteBatchRequested", outcome: "kept" }, value: 1 },
  ]);
});

test("what could not be applied is not counted: it comes again", async () => {
  const registry = new Registry();
  const failing = counted(
    { apply: () => Promise.reject(new Error("an outage")), takeOver: () => undefined },
    registry,
  );
  await expect(failing.apply({ partition: 0, first: 0, next: 2, records })).rejects.toThrow("an outage");
  expect((await registry.getSingleMetric("waitlist_records_total")?.get())?.values).toEqual([]);
});
