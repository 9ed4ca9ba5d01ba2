// Which records make a batch: requests, the runs of schedules, and what frees an invite's place.
import { type DataOf, reclaimBatchIdOf, slotBatchIdOf } from "@waitlist/contracts";
import type { Difference } from "../findings.ts";
import { makeBatch, type Request } from "./batches.ts";
import type { LogRecord, PaperBatch, PaperList } from "./model.ts";
import { type Run, runOf, takeRun } from "./schedules.ts";

export interface PaperOptions {
  secret: string;
  /** Told of each fact on the log that isn't what the requests decide. */
  report: (difference: Difference) => void;
  /**
   * Where the log's beginning is gone: whether a run of a schedule that was set there is a batch. Undefined for a
   * run that the log itself decides.
   */
  isKnownRun?: (batchId: string, scheduleOffset: number) => boolean | undefined;
}

/** All batches of a partition, by id. */
export type Batches = Map<string, PaperBatch>;

export function createRequests(batches: Batches, { secret, report, isKnownRun }: PaperOptions) {
  /** The same batchId at another offset means nothing. */
  function ask(list: PaperList, request: Request): void {
    if (!batches.has(request.batchId)) batches.set(request.batchId, makeBatch(list, request, secret));
  }

  function checkRunsId({ waitlistId }: PaperList, offset: number, batchId: string, run: Run): void {
    const { scheduleId, scheduleOffset, slot } = run;
    if (batchId === slotBatchIdOf(secret, { waitlistId, scheduleId, offset: scheduleOffset }, slot)) return;
    const what = `batch ${batchId} of schedule ${scheduleId} has another id than its slot gives it`;
    report({ where: "log", waitlistId, offset, what });
  }

  return {
    request: (
      list: PaperList,
      { offset, timestamp }: LogRecord,
      { data }: { data: DataOf<"InviteBatchRequested"> },
    ): void => {
      const { batchId, count = 0, entryIds } = data;
      const run = runOf(data);
      if (run) {
        if (!takeRun(list, run, isKnownRun?.(batchId, run.scheduleOffset))) return;
        checkRunsId(list, offset, batchId, run);
      }
      const named = entryIds ? { entryIds } : {};
      ask(list, { batchId, offset, timestamp, count: entryIds?.length ?? count, ...named });
    },

    /** With `reclaim` in force, what an invite leaves goes to the next who has had none. */
    giveOn: (list: PaperList, inviteId: string, { offset, timestamp }: LogRecord): void => {
      if (!list.rules?.reclaim) return;
      const batchId = reclaimBatchIdOf(secret, inviteId);
      ask(list, { batchId, offset, timestamp, count: 1, isReclaim: true });
    },
  };
}
