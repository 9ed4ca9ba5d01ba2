import {
  type Registry,
  sharedCounter,
  sharedGauge,
  sharedHistogram,
  unreadRegistry,
} from "@waitlist/runtime";
import type { PartitionState } from "./types.ts";

const PAUSE_KINDS = ["taking-over", "outage", "unsupported", "foreign"] as const;

/** What is measured of a group's progress. */
export function createHistoryMetrics(group: string, registry: Registry = unreadRegistry()) {
  const records = sharedCounter<"group">(registry, {
    name: "waitlist_history_records_total",
    help: "Records taken from the history.",
    labelNames: ["group"],
  });
  const deadLetters = sharedCounter<"group">(registry, {
    name: "waitlist_history_dead_letters_total",
    help: "Records, or unreadable rests of them, set aside.",
    labelNames: ["group"],
  });
  const failures = sharedCounter<"group">(registry, {
    name: "waitlist_history_failures_total",
    help: "Batches and takeovers that failed and were tried again.",
    labelNames: ["group"],
  });
  const seconds = sharedHistogram<"group">(registry, {
    name: "waitlist_history_batch_seconds",
    help: "Time to take one batch, from its first write to its cursor.",
    labelNames: ["group"],
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
  });
  const lag = sharedGauge<"group" | "partition">(registry, {
    name: "waitlist_history_lag_records",
    help: "Records between the service's cursor and the end of the log, as last heard of.",
    labelNames: ["group", "partition"],
  });
  const paused = sharedGauge<"group" | "partition" | "kind">(registry, {
    name: "waitlist_history_paused",
    help: "1 where nothing is taken from a partition: taking-over, outage, unsupported (deploy the newer build), or foreign (added partitions).",
    labelNames: ["group", "partition", "kind"],
  });
  // `increase` sees nothing of a series that is born with its first failure.
  for (const counter of [records, deadLetters, failures]) counter.inc({ group }, 0);
  return {
    failed: () => failures.inc({ group }),
    taken: (batch: { records: number; dead: number; seconds: number }) => {
      records.inc({ group }, batch.records);
      deadLetters.inc({ group }, batch.dead);
      seconds.observe({ group }, batch.seconds);
    },
    show: (state: PartitionState) => {
      const partition = String(state.partition);
      for (const kind of PAUSE_KINDS) {
        paused.set({ group, partition, kind }, state.paused?.kind === kind ? 1 : 0);
      }
      if (state.next !== null && state.end !== null) {
        lag.set({ group, partition }, Math.max(0, state.end - state.next));
      }
    },
    forget: (number: number) => {
      const partition = String(number);
      lag.remove({ group, partition });
      for (const kind of PAUSE_KINDS) paused.remove({ group, partition, kind });
    },
  };
}

export type HistoryMetrics = ReturnType<typeof createHistoryMetrics>;
