import { Registry } from "@waitlist/runtime";
import { expect, test } from "vitest";
import type { Batch } from "../domain/batch.ts";
import { createBatchMetrics } from "./metrics.ts";

const batch = (batchId: string, requestedAt: number): Batch => ({
  ...{ batchId, waitlistId: "a", offset: 1, requestedAt, requestedBy: "ops", count: 1, partSize: 1 },
  ...{
    decision: null,
    progress: { upTo: 0, allocated: 0 },
    isOnLog: false,
    withdrawn: null,
    completed: null,
  },
});
const ours = { isStale: () => false };

function start(now: number) {
  const registry = new Registry();
  const metrics = createBatchMetrics(registry, () => now);
  const value = async (name: string, labels: object = {}) => {
    const read = await registry.getSingleMetric(name)?.get();
    return read?.values.find((each) => JSON.stringify(each.labels) === JSON.stringify(labels))?.value;
  };
  return { metrics, registry, age: () => value("waitlist_invite_oldest_batch_age_seconds") };
}

test("the age is that of the oldest batch that is begun and not on the log, and an attempt that failed leaves it", async () => {
  const { metrics, age } = start(100_000);
  expect(await age()).toBe(0);
  metrics.begun(batch("young", 90_000), ours);
  metrics.begun(batch("old", 40_000), ours);
  metrics.begun(batch("old", 40_000), ours);
  expect(await age()).toBe(60);
  metrics.finished(1, "old");
  expect(await age()).toBe(10);
});

test("a batch that another instance has taken over is not stuck here", async () => {
  const { metrics, age } = start(100_000);
  let isStale = false;
  metrics.begun(batch("b", 0), { isStale: () => isStale });
  expect(await age()).toBe(100);
  isStale = true;
  expect(await age()).toBe(0);
});

test("each invite counts with the time since its batch was asked for", async () => {
  const { metrics, registry } = start(100_000);
  metrics.allocated(3, { requestedAt: 98_000 });
  const shown = await registry.metrics();
  expect(shown).toContain('waitlist_end_to_end_seconds_count{stage="invited"} 3');
  expect(shown).toContain('waitlist_end_to_end_seconds_sum{stage="invited"} 6');
});
