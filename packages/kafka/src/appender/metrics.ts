import {
  type Registry,
  sharedCounter,
  sharedGauge,
  sharedHistogram,
  unreadRegistry,
} from "@waitlist/runtime";

/** What is measured of appends. */
export function createAppendMetrics(registry: Registry = unreadRegistry()) {
  const seconds = sharedHistogram<"result">(registry, {
    name: "waitlist_produce_seconds",
    help: "Time from handing a batch to a broker to its answer, by result (acknowledged, failed).",
    labelNames: ["result"],
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
  });
  const records = sharedHistogram(registry, {
    name: "waitlist_produce_batch_records",
    help: "Records in a batch that was acknowledged.",
    buckets: [1, 2, 5, 10, 25, 50, 100, 250, 500, 1000],
  });
  const queued = sharedGauge(registry, {
    name: "waitlist_produce_queue_records",
    help: "Records that were taken and are not yet acknowledged or failed.",
  });
  const failures = sharedCounter<"reason">(registry, {
    name: "waitlist_produce_failures_total",
    help: "Attempts that failed (attempt), and records that did: queue-full, not-written, unknown.",
    labelNames: ["reason"],
  });
  // `increase` sees nothing of a series that is born with its first failure.
  for (const reason of ["attempt", "queue-full", "not-written", "unknown"]) failures.inc({ reason }, 0);
  return {
    queued,
    failures,
    attempt: (done: { records: number; seconds: number; failed: boolean }) => {
      seconds.observe({ result: done.failed ? "failed" : "acknowledged" }, done.seconds);
      if (done.failed) failures.inc({ reason: "attempt" });
      else records.observe(done.records);
    },
  };
}
