import type { Batch } from "../domain/batch.ts";
import type { ChosenPlace } from "../domain/choosing.ts";
import type { EntriesPage } from "../domain/views.ts";
import type { Batches } from "../ports.ts";

/**
 * The places of a batch whose invites are on the log, in order of position: `limit` of them after the first `after`. What is
 * chosen never changes, so that counting on leaves nobody out; only the parts that are shown are read.
 */
export async function readEntries(
  batches: Pick<Batches, "chosen">,
  { batchId, partSize, progress }: Batch,
  { after, limit }: { after: number; limit: number },
): Promise<EntriesPage> {
  const end = Math.min(progress.upTo, after + limit);
  const first = Math.floor(after / partSize);
  const places: ChosenPlace[] = [];
  for (let part = first; part * partSize < end; part += 1) {
    places.push(...(await batches.chosen(batchId, part)));
  }
  const skipped = first * partSize;
  const shown = places.slice(after - skipped, Math.max(end, after) - skipped);
  return { places: shown, next: end < progress.upTo ? end : null };
}
