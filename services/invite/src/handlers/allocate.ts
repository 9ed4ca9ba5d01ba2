// Gives the places that a batch has chosen their invites, and puts those on the log in order of position.
import type { Logger } from "@waitlist/runtime";
import type { Batch, Decision } from "../domain/batch.ts";
import type { ChosenPlace, QueueEntry } from "../domain/choosing.ts";
import { allocatedFact } from "../domain/facts.ts";
import { isBefore, isMarked, isUnmarked, markedEntry } from "../domain/marking.ts";
import type { Batches, Codes, Facts, Queue } from "../ports.ts";
import type { BatchMetrics } from "./metrics.ts";
import { stillOurs, type Turn } from "./partition-lost.ts";

export interface AllocateDeps {
  queue: Queue;
  batches: Batches;
  codes: Pick<Codes, "keep">;
  facts: Facts;
  secret: string;
  metrics: BatchMetrics;
  log: Pick<Logger, "error">;
  /** Parts whose places are marked before the first of them is announced. */
  partsTogether?: number;
}

/**
 * Ids and codes are random, so that each write of a
 * few touches as many of the database's pages as there are rows in it: in order of their keys, and many at once, they
 * touch a fraction. Of 20 parts of 500, 10,000 entries are in memory.
 */
const PARTS_TOGETHER = 20;

/** Returns how many invites there are, from where an earlier attempt ended; safe to repeat. */
export type Allocate = (batch: Batch, decision: Decision, turn: Turn) => Promise<number>;

export function createAllocate(deps: AllocateDeps): Allocate {
  const { queue, batches, codes, facts, secret, metrics, log, partsTogether = PARTS_TOGETHER } = deps;
  return async (batch, decision, turn) => {
    const { batchId, waitlistId } = batch;
    let { upTo, allocated } = batch.progress;
    while (upTo < decision.taken) {
      const parts = await nextParts(batch, upTo, decision);
      const about = { batchId, waitlistId, expiresAt: decision.expiresAt };
      const marked = await mark(batch, parts.flat(), turn);
      await codes.keep([...marked].map((place) => ({ ...place, ...about })));
      for (const chosen of parts) {
        const invited = chosen.filter((place) => marked.has(place));
        const announced = invited.map((place) => allocatedFact(batch, decision, place, secret));
        await facts.append(turn.partition, announced);
        upTo += chosen.length;
        allocated += invited.length;
        await batches.advance(batchId, { upTo, allocated });
        metrics.allocated(invited.length);
        await stillOurs(turn);
      }
    }
    return allocated;
  };

  /** The chosen places from `upTo` on, part by part. */
  async function nextParts(
    { batchId, partSize }: Batch,
    upTo: number,
    { taken }: Decision,
  ): Promise<ChosenPlace[][]> {
    const parts: ChosenPlace[][] = [];
    for (let at = upTo; at < taken && parts.length < partsTogether; at += partSize) {
      parts.push(await batches.chosen(batchId, Math.floor(at / partSize)));
    }
    return parts;
  }

  /** Marks the places whose entries have seen nothing later; returns those that hold their invite now. */
  async function mark(batch: Batch, chosen: ChosenPlace[], turn: Turn): Promise<Set<ChosenPlace>> {
    const inOrderOfKeys = chosen.toSorted((one, other) => (one.entryId < other.entryId ? -1 : 1));
    const marked = new Set<ChosenPlace>();
    for (let at = 0; at < inOrderOfKeys.length; at += WRITTEN_TOGETHER) {
      for (const place of await markSome(batch, inOrderOfKeys.slice(at, at + WRITTEN_TOGETHER)))
        marked.add(place);
      await stillOurs(turn);
    }
    if (marked.size < chosen.length) {
      const missing = chosen.length - marked.size;
      const what = "chosen places without their invite: the queue was changed from outside";
      log.error({ batchId: batch.batchId, missing }, what);
    }
    return marked;
  }

  async function markSome(batch: Batch, chosen: ChosenPlace[]): Promise<ChosenPlace[]> {
    const entries = await queue.load(chosen.map(({ entryId }) => entryId));
    const marking = chosen.flatMap((place) => markingOf(entries.get(place.entryId), batch, place));
    const refused = await queue.write(marking, new Set(entries.keys()));
    for (const entry of marking) entries.set(entry.entryId, entry);
    // Another owner has marked these and gone on.
    if (refused.size > 0) for (const [id, entry] of await queue.load([...refused])) entries.set(id, entry);
    return chosen.filter((place) => isMarked(entries.get(place.entryId), place));
  }
}

/** Entries that are read and written by one call: few enough that the partition's owner shows life in between. */
const WRITTEN_TOGETHER = 2000;

const markingOf = (entry: QueueEntry | undefined, batch: Batch, place: ChosenPlace): QueueEntry[] =>
  entry && isBefore(entry, batch) && isUnmarked(entry, place) ? [markedEntry(entry, batch, place)] : [];
