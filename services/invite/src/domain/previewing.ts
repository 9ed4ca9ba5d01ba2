// What a batch would do if it were asked for now.
import { type BatchPreview, type BatchPreviewRequest, MAX_PREVIEWED } from "@waitlist/contracts";
import { currentPlace, statusOf } from "@waitlist/roster";
import { type Batch, batchOf } from "./batch.ts";
import type { ChosenPlace, QueueEntry } from "./choosing.ts";

/** The batch whose choice is shown: one of as many as are listed, which never gets to the log. */
export const triedBatch = (waitlistId: string, asked: BatchPreviewRequest): Batch =>
  batchOf({
    ...{
      batchId: "preview",
      waitlistId,
      offset: 0,
      requestedAt: 0,
      partSize: MAX_PREVIEWED,
      requestedBy: "",
    },
    ...("count" in asked
      ? { count: Math.min(asked.count, MAX_PREVIEWED) }
      : { count: asked.entryIds.length, named: { entryIds: asked.entryIds, reason: "" } }),
  });

/** `chosen` are the first of those who would be taken, `eligible` is how many could be. */
export function toPreview(
  asked: BatchPreviewRequest,
  chosen: ChosenPlace[],
  eligible: number,
  named: ReadonlyMap<string, QueueEntry>,
): BatchPreview {
  const count = "count" in asked ? asked.count : asked.entryIds.length;
  const taken = Math.min(count, eligible);
  return {
    ...{ count, eligible, taken, shortfall: count - taken },
    entries: chosen.map(({ entryId, position }) => ({ entryId, position })),
    ...("entryIds" in asked ? skippedOf(asked.entryIds, chosen, named) : {}),
  };
}

function skippedOf(
  entryIds: string[],
  chosen: ChosenPlace[],
  named: ReadonlyMap<string, QueueEntry>,
): Required<Pick<BatchPreview, "skipped">> {
  const taken = new Set(chosen.map(({ entryId }) => entryId));
  const statusIn = (entry: QueueEntry | undefined) => (entry ? statusOf(currentPlace(entry)) : "unknown");
  const skipped = entryIds.filter((entryId) => !taken.has(entryId));
  return { skipped: skipped.map((entryId) => ({ entryId, status: statusIn(named.get(entryId)) })) };
}
