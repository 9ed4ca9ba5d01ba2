import { Registry } from "@waitlist/runtime";
import { expect, test } from "vitest";
import { createAppendMetrics } from "../appender/metrics.ts";
import { createHistoryMetrics } from "./metrics.ts";

test("a group's counters are there from the start, at 0, so that the first dead letter is an increase", async () => {
  const registry = new Registry();
  const metrics = createHistoryMetrics("storage", registry);
  const before = await registry.metrics();
  for (const name of ["records", "dead_letters", "failures"]) {
    expect(before).toContain(`waitlist_history_${name}_total{group="storage"} 0\n`);
  }
  metrics.taken({ records: 3, dead: 1, seconds: 0.1 });
  expect(await registry.metrics()).toContain('waitlist_history_dead_letters_total{group="storage"} 1\n');
});

test("so are those of failed appends", async () => {
  const registry = new Registry();
  createAppendMetrics(registry);
  const shown = await registry.metrics();
  for (const reason of ["attempt", "queue-full", "not-written", "unknown"]) {
    expect(shown).toContain(`waitlist_produce_failures_total{reason="${reason}"} 0\n`);
  }
});
