// What the invite service does with each stretch of history: what decides is decided exactly at its place in it.
import { reclaimBatchIdOf, type WaitlistEvent } from "@waitlist/contracts";
import type { HistoryBatch, HistoryHandler } from "@waitlist/kafka";
import type { Applied, Definitions, Projection, RosterRecord } from "@waitlist/roster";
import { inSpan } from "@waitlist/runtime";
import {
  type Batch,
  isBatchCompletion,
  isBatchRequest,
  isBatchWithdrawal,
  reclaimBatch,
  requestedBatch,
} from "../domain/batch.ts";
import { freedInvite } from "../domain/reclaiming.ts";
import { isScheduleSetting } from "../domain/schedule.ts";
import type { Batches } from "../ports.ts";
import { type FindReclaims, mayFree } from "./find-reclaims.ts";
import type { RunBatch } from "./run-batch.ts";
import type { Scheduling } from "./scheduling.ts";
import type { WithdrawBatch } from "./withdraw-batch.ts";

type History = HistoryBatch<WaitlistEvent>;

/**
 * Places that are chosen, marked and put on the log at a time: what the appender writes as one produce, so that
 * they are on the log in order even where some produce fails.
 */
const PART_SIZE = 500;

/** Deciding and carrying out, in the trace of the record that asked for it: the invites on the log go on with it. */
const traced = (record: RosterRecord, work: () => Promise<void>): Promise<void> =>
  inSpan(
    "decide invites",
    {
      kind: "internal",
      within: { carrier: record.headers ?? {} },
      attributes: { "waitlist.cause": record.event.type },
    },
    work,
  );

const recordsOf = ({ records }: History): RosterRecord[] => records;

export function createHistoryHandler(deps: {
  definitions: Pick<Definitions, "keep">;
  projection: Projection<null>;
  batches: Pick<Batches, "complete">;
  findReclaims: FindReclaims;
  runBatch: RunBatch;
  withdrawBatch: WithdrawBatch;
  scheduling: Scheduling;
  secret: string;
  partSize?: number;
}): HistoryHandler<WaitlistEvent> {
  const { definitions, projection, batches, findReclaims, runBatch, withdrawBatch, secret } = deps;
  const { scheduling, partSize = PART_SIZE } = deps;

  /** Takes the records from `first` up to, not including, `next` into the queue. */
  async function applyEntries(history: History, first: number, next: number): Promise<Applied<null>> {
    const records = recordsOf(history).filter(({ offset }) => offset >= first && offset < next);
    const applied = await projection.apply({ partition: history.partition, first, next, records });
    for (const { event, offset, timestamp } of records.filter(isBatchCompletion)) {
      const { waitlistId, batchId } = event.data;
      await batches.complete(waitlistId, batchId, { offset, at: timestamp });
    }
    return applied;
  }

  /** What frees a place is itself applied first: the next in order is chosen by what is true after it. */
  async function reclaim({ effects }: Applied<null>, history: History): Promise<void> {
    const last = effects.at(-1);
    const inviteId = last && freedInvite(last.record, last.outcome);
    if (!inviteId) return;
    await runBatch(reclaimBatch(last.record, inviteId, reclaimBatchIdOf(secret, inviteId)), history);
  }

  async function run(batch: Batch, history: History): Promise<void> {
    if (await scheduling.mayRun(batch)) await runBatch(batch, history);
  }

  return {
    takeOver: async (partition) => {
      projection.takeOver(partition);
    },
    apply: async (history) => {
      // Kept by offset, they may be there before what uses them.
      await definitions.keep(history.records);
      const reclaims = await findReclaims(recordsOf(history).filter(mayFree));
      let first = history.first;
      for (const record of recordsOf(history)) {
        if (isBatchRequest(record) || isBatchWithdrawal(record)) {
          await applyEntries(history, first, record.offset);
          first = record.offset;
          if (isBatchRequest(record))
            await traced(record, () => run(requestedBatch(record, partSize), history));
          else await withdrawBatch(record, history);
        } else if (reclaims.has(record.offset)) {
          const applied = await applyEntries(history, first, record.offset + 1);
          await traced(record, () => reclaim(applied, history));
          first = record.offset + 1;
        } else if (isScheduleSetting(record)) {
          await scheduling.set(record);
        }
      }
      if (first < history.next) await applyEntries(history, first, history.next);
    },
  };
}
