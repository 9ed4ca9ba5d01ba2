// What the invite service does with each stretch of history: a batch is decided exactly at its place in it.
import type { WaitlistEvent } from "@waitlist/contracts";
import type { HistoryBatch, HistoryHandler } from "@waitlist/kafka";
import type { Definitions, Projection, RosterRecord } from "@waitlist/roster";
import { isBatchCompletion, isBatchRequest } from "../domain/batch.ts";
import type { Batches } from "../ports.ts";
import type { BatchHandler } from "./invite-batch-requested.ts";

type History = HistoryBatch<WaitlistEvent>;

const recordsOf = ({ records }: History): RosterRecord[] => records;

export function createHistoryHandler(deps: {
  definitions: Pick<Definitions, "keep">;
  projection: Projection<null>;
  batches: Pick<Batches, "complete">;
  inviteBatchRequested: BatchHandler;
}): HistoryHandler<WaitlistEvent> {
  const { definitions, projection, batches, inviteBatchRequested } = deps;

  /** Takes the records from `first` up to, not including, `next` into the queue. */
  async function applyEntries(history: History, first: number, next: number): Promise<void> {
    const records = recordsOf(history).filter(({ offset }) => offset >= first && offset < next);
    await projection.apply({ partition: history.partition, first, next, records });
    for (const { event, offset, timestamp } of records.filter(isBatchCompletion)) {
      const { waitlistId, batchId } = event.data;
      await batches.complete(waitlistId, batchId, { offset, at: timestamp });
    }
  }

  return {
    takeOver: async (partition) => {
      projection.takeOver(partition);
    },
    apply: async (history) => {
      // Kept by offset, they may be there before what uses them.
      await definitions.keep(history.records);
      let first = history.first;
      for (const request of recordsOf(history).filter(isBatchRequest)) {
        await applyEntries(history, first, request.offset);
        await inviteBatchRequested(request, history);
        first = request.offset;
      }
      await applyEntries(history, first, history.next);
    },
  };
}
