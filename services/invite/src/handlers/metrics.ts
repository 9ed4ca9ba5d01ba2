import { Counter, Gauge, Histogram, measureEndToEnd, type Registry } from "@waitlist/runtime";
import type { Batch } from "../domain/batch.ts";
import type { Turn } from "./partition-lost.ts";

export interface BatchMetrics {
  /** A batch is being carried out, again where an earlier attempt failed. */
  begun(batch: Batch, turn: Pick<Turn, "isStale">): void;
  /** Invites put on the log, those of a repeated attempt included. */
  allocated(count: number, batch: Pick<Batch, "requestedAt">): void;
  /** A batch with all its facts on the log, and how long this attempt took, in seconds. */
  finished(seconds: number, batchId: string): void;
}

export function createBatchMetrics(registry: Registry, clock: () => number): BatchMetrics {
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
  const endToEnd = measureEndToEnd(registry);
  const underWay = watchBatches(registry, clock);
  return {
    begun: underWay.begun,
    allocated: (count, { requestedAt }) => {
      allocations.inc(count);
      endToEnd("invited", requestedAt, clock(), count);
    },
    finished: (seconds, batchId) => {
      underWay.finished(batchId);
      batches.inc();
      duration.observe(seconds);
    },
  };
}

/** Since when the oldest batch waits that this instance has begun. What another has taken over is that one's. */
function watchBatches(registry: Registry, clock: () => number) {
  const begun = new Map<string, { requestedAt: number; turn: Pick<Turn, "isStale"> }>();
  new Gauge({
    name: "waitlist_invite_oldest_batch_age_seconds",
    help: "Time since the oldest batch was requested that is begun here and whose facts aren't all on the log; or 0.",
    registers: [registry],
    collect() {
      let oldest = 0;
      for (const [batchId, { requestedAt, turn }] of begun) {
        if (turn.isStale()) begun.delete(batchId);
        else oldest = Math.max(oldest, clock() - requestedAt);
      }
      this.set(oldest / 1000);
    },
  });
  return {
    begun: ({ batchId, requestedAt }: Batch, turn: Pick<Turn, "isStale">) => {
      begun.set(batchId, { requestedAt, turn });
    },
    finished: (batchId: string) => {
      begun.delete(batchId);
    },
  };
}
