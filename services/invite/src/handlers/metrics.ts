import { Counter, Histogram, type Registry } from "@waitlist/runtime";

export interface BatchMetrics {
  /** Invites put on the log, those of a repeated attempt included. */
  allocated(count: number): void;
  /** A batch with all its facts on the log, and how long this attempt took, in seconds. */
  finished(seconds: number): void;
}

export function createBatchMetrics(registry: Registry): BatchMetrics {
  const registers = [registry];
  const allocations = new Counter({
    name: "waitlist_invite_allocations_total",
    help: "InviteAllocated facts acknowledged by the log, those of a repeated attempt included.",
    registers,
  });
  const batches = new Counter({
    name: "waitlist_invite_batches_total",
    help: "Invite batches whose facts are all on the log.",
    registers,
  });
  const duration = new Histogram({
    name: "waitlist_invite_batch_duration_seconds",
    help: "Time from an invite batch's record to the acknowledgement of its last fact.",
    buckets: [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300],
    registers,
  });
  return {
    allocated: (count) => allocations.inc(count),
    finished: (seconds) => {
      batches.inc();
      duration.observe(seconds);
    },
  };
}
