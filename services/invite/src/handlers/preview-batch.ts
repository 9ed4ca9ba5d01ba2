// A batch that is only tried: chosen like any other, and then forgotten.
import type { BatchPreview, BatchPreviewRequest } from "@waitlist/contracts";
import { type ChosenPlace, choose, nothingChosen, type QueueEntry, withChosen } from "../domain/choosing.ts";
import { toPreview, triedBatch } from "../domain/previewing.ts";
import type { Queue } from "../ports.ts";
import { candidates, countEligible } from "./candidates.ts";

/** Who would be invited if the batch were decided now. */
export type PreviewBatch = (waitlistId: string, asked: BatchPreviewRequest) => Promise<BatchPreview>;

export function createPreviewBatch(
  queue: Pick<Queue, "load" | "eligible" | "countEligible">,
  secret: string,
): PreviewBatch {
  return async (waitlistId, asked) => {
    const batch = triedBatch(waitlistId, asked);
    let decision = nothingChosen(batch, 0);
    const chosen: ChosenPlace[] = [];
    for await (const waiting of candidates(queue, batch)) {
      const more = choose(batch, decision, waiting, secret);
      chosen.push(...more);
      decision = withChosen(decision, more);
      if (decision.taken >= batch.count) break;
    }
    const eligible = await countEligible(queue, batch, decision);
    return toPreview(asked, chosen, eligible, await namedOf(queue, waitlistId, asked));
  };
}

/** The named entries of this list: an id of another list's entry tells nothing here. */
async function namedOf(
  queue: Pick<Queue, "load">,
  waitlistId: string,
  asked: BatchPreviewRequest,
): Promise<Map<string, QueueEntry>> {
  if (!("entryIds" in asked)) return new Map();
  const found = await queue.load(asked.entryIds);
  return new Map([...found].filter(([, entry]) => entry.waitlistId === waitlistId));
}
