// Every batch of one list in the invite service's database, held against the log.
import type { BatchDocument, ChosenInDocument } from "../databases/documents.ts";
import type { Chosen, PaperBatch } from "../paper/model.ts";
import { codeDifferences } from "./codes.ts";
import type { Comparison } from "./entries.ts";

export async function compareBatches(comparison: Omit<Comparison, "service">): Promise<void> {
  const { list, cut, databases, report } = comparison;
  const { waitlistId } = list;
  const right = new Map(list.batches.map((batch) => [batch.batchId, batch]));
  const seen = new Set<string>();
  const say = (offset: number, what: string) => report({ where: "invite", waitlistId, offset, what });
  for await (const document of databases.batches(waitlistId)) {
    const { _id: batchId, offset } = document;
    const batch = right.get(batchId);
    seen.add(batchId);
    if (offset >= cut) {
      if (batch && batch.offset < cut)
        say(batch.offset, `batch ${batchId} is asked for at offset ${offset} there`);
      continue;
    }
    if (!batch) {
      say(offset, `batch ${batchId}, by the log there is none`);
      continue;
    }
    const said = [...fieldsOf(batch, document, cut), ...(await placesOf(batch, comparison))];
    for (const what of said) say(batch.offset, `batch ${batchId}: ${what}`);
  }
  for (const { batchId, offset } of list.batches) {
    if (offset < cut && !seen.has(batchId)) say(offset, `batch ${batchId} isn't there`);
  }
}

/** Offsets at which something became known, as of the cut; null where it wasn't. */
const until = (cut: number, at: number | undefined): number | null =>
  at !== undefined && at < cut ? at : null;

function fieldsOf(batch: PaperBatch, document: BatchDocument, cut: number): string[] {
  const { decision, progress } = document;
  const { size } = batch.chosen;
  // Not counted for a reclaim, nor by former versions, nor known from before the log's beginning.
  const eligible = batch.eligible === undefined ? undefined : (decision?.eligible ?? batch.eligible);
  const pairs: [string, unknown, unknown][] = [
    ["offset", document.offset, batch.offset],
    ["count", document.count, batch.count],
    ["named entries", document.named !== undefined, batch.isNamed],
    ["places taken", decision?.taken ?? null, size],
    ["highest position taken", decision?.highest ?? null, [...batch.chosen.values()].at(-1)?.position ?? 0],
    ["places eligible", eligible, batch.eligible],
    ["expiry", decision?.expiresAt ?? null, batch.expiresAt],
    ["places dealt with", progress.upTo, size],
    ["invites given", progress.allocated, size],
    ["withdrawal", until(cut, document.withdrawn?.offset), until(cut, batch.withdrawn)],
    ["completion", until(cut, document.completed?.offset), until(cut, batch.completed)],
  ];
  return pairs
    .filter(([, found, right]) => found !== right)
    .map(([name, found, right]) => `${name}: ${found ?? "none"}, by the log ${right ?? "none"}`);
}

/** The chosen places and their codes, part after part: one of them is in memory at a time. */
async function placesOf(
  batch: PaperBatch,
  comparison: Pick<Comparison, "databases" | "secret">,
): Promise<string[]> {
  const { batchId, chosen } = batch;
  const right = chosen.values();
  let count = 0;
  for (let part = 0; ; part += 1) {
    const found = await comparison.databases.part(batchId, part);
    if (!found) break;
    count += found.length;
    for (const place of found) {
      const said = placeDifference(place, right.next().value);
      if (said) return [said];
    }
    const said = await codeDifferences(batch, found, comparison);
    if (said.length > 0) return said;
  }
  return count === chosen.size ? [] : [`${count} chosen places, by the log ${chosen.size}`];
}

function placeDifference(found: ChosenInDocument, right: Chosen | undefined): string | null {
  if (!right) return `it chose the place of offset ${found.joinOffset}, by the log it didn't`;
  const isSame =
    found.entryId === right.entryId &&
    found.joinOffset === right.joinOffset &&
    found.position === right.position &&
    found.inviteId === right.inviteId;
  if (isSame) return null;
  return `it chose position ${found.position} (offset ${found.joinOffset}), by the log position ${right.position} (offset ${right.joinOffset})`;
}
