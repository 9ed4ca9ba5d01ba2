// Gives the places that a batch has chosen their invites, and puts those on the log in order of position.
import { setImmediate } from "node:timers/promises";
import { allAtRest, type Logger } from "@waitlist/runtime";
import type { Batch, Decision } from "../domain/batch.ts";
import { type ChosenPlace, type CodedPlace, type QueueEntry, withCode } from "../domain/choosing.ts";
import { allocatedFact } from "../domain/facts.ts";
import { isBefore, isMarked, isUnmarked, markedEntry } from "../domain/marking.ts";
import type { Batches, Codes, Facts, Queue } from "../ports.ts";
import { markAhead } from "./mark-ahead.ts";
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
  /** Parts that are kept together, and whose codes are kept before the first of them is announced. */
  partsTogether?: number;
  /** Places that are marked by one call: parts of so many are announced while the next ones are marked. */
  markedTogether?: number;
  /** Lets whatever else is ready go first; by default the next turn of the event loop. */
  othersFirst?: () => Promise<unknown>;
}

/**
 * Codes are random, so that each write of a few touches as many pages of their index as there are codes in it: many at once
 * touch a fraction. Of 20 parts of 500, 10,000 entries are in memory.
 */
export const PARTS_TOGETHER = 20;
/** Few enough that the partition's owner shows life in between. */
const MARKED_TOGETHER = 2000;

/** What is in memory of choosing: the first parts, and the entries in them. */
export interface Fresh {
  parts: readonly ChosenPlace[][];
  /** By their ids. They need not be read again, since a write over anything newer is refused. */
  entries: ReadonlyMap<string, QueueEntry>;
}

/** A batch that is being given out, and how far it has come. */
interface Work {
  batch: Batch;
  decision: Decision;
  turn: Turn;
  progress: Batch["progress"];
  fresh: Fresh;
}

/** Returns how many invites there are, from where an earlier attempt ended; safe to repeat. */
export type Allocate = (batch: Batch, decision: Decision, turn: Turn, fresh: Fresh) => Promise<number>;

export function createAllocate(deps: AllocateDeps): Allocate {
  const { queue, batches, codes, facts, secret, metrics, log } = deps;
  const {
    partsTogether = PARTS_TOGETHER,
    markedTogether = MARKED_TOGETHER,
    othersFirst = setImmediate,
  } = deps;
  return async (batch, decision, turn, fresh) => {
    const { batchId } = batch;
    const progress = { ...batch.progress };
    while (progress.upTo < decision.taken) {
      const parts = await nextParts(batch, progress.upTo, decision, fresh);
      try {
        await giveOut({ batch, decision, turn, progress, fresh }, parts);
      } catch (error) {
        // What is on the log counts, too; that this can't be stored now says less than why the work has ended.
        await batches.advance(batchId, { ...progress }).catch((err: unknown) => {
          log.error({ err, batchId }, "how far a batch has come can't be stored");
        });
        throw error;
      }
      await batches.advance(batchId, { ...progress });
    }
    return progress.allocated;
  };

  /** Marks the places of these parts and announces their invites behind that. */
  async function giveOut(work: Work, parts: ChosenPlace[][]): Promise<void> {
    const { batch, decision, turn, progress, fresh } = work;
    const groupSize = Math.max(1, Math.floor(markedTogether / batch.partSize));
    const group = <T>(of: T[], index: number) => of.slice(index * groupSize, (index + 1) * groupSize);
    const groups = Array.from({ length: Math.ceil(parts.length / groupSize) }, (_, index) =>
      group(parts, index),
    );
    await markAhead(groups, {
      prepare: () => keepCodes(batch, decision, parts),
      mark: (of) => mark(batch, of.flat(), turn, fresh),
      announce: async ({ index, marked, prepared }, { goOn, watch }) => {
        // The progress is a group behind: whoever begins again there repeats what everybody ignores.
        const behind = index > 0 ? watch(batches.advance(batch.batchId, { ...progress })) : null;
        await allAtRest([announce(work, group(prepared, index), marked, goOn), behind]);
      },
    });
  }

  /** Puts the invites that are held on the log, part by part, and counts them into the progress. */
  async function announce(
    { batch, decision, turn, progress }: Work,
    coded: CodedPlace[][],
    marked: ReadonlySet<string>,
    goOn: () => void,
  ): Promise<void> {
    const factsOf = async (part: CodedPlace[] = []) => {
      await othersFirst();
      return part
        .filter(({ inviteId }) => marked.has(inviteId))
        .map((place) => allocatedFact(batch, decision, place));
    };
    let announced = await factsOf(coded[0]);
    for (const [index, part] of coded.entries()) {
      goOn();
      // While the log takes these, the next are made.
      const appended = facts.append(turn.partition, announced);
      const [next] = await allAtRest([factsOf(coded[index + 1]), appended]);
      progress.upTo += part.length;
      progress.allocated += announced.length;
      metrics.allocated(announced.length, batch);
      announced = next;
      await stillOurs(turn);
    }
  }

  /** The chosen places from `upTo` on, part by part. */
  async function nextParts(
    { batchId, partSize }: Batch,
    upTo: number,
    { taken }: Decision,
    fresh: Fresh,
  ): Promise<ChosenPlace[][]> {
    const from = Math.floor(upTo / partSize);
    const to = Math.min(from + partsTogether, Math.ceil(taken / partSize));
    const parts = Array.from({ length: to - from }, (_, index) => from + index);
    return allAtRest(parts.map((part) => fresh.parts[part] ?? batches.chosen(batchId, part)));
  }

  /** Nobody knows a code before it is announced, so that it does no harm where the place can't be marked. */
  async function keepCodes(
    { batchId, waitlistId }: Batch,
    { expiresAt }: Decision,
    parts: ChosenPlace[][],
  ): Promise<CodedPlace[][]> {
    // The first marks are on their way before codes are made.
    await othersFirst();
    const coded = parts.map((part) => part.map((place) => withCode(place, secret)));
    await codes.keep(coded.flat().map((place) => ({ ...place, batchId, waitlistId, expiresAt })));
    return coded;
  }

  /** Marks the places whose entries have seen nothing later; returns the invites that are held now. */
  async function mark(batch: Batch, chosen: ChosenPlace[], turn: Turn, fresh: Fresh): Promise<Set<string>> {
    if (chosen.length === 0) return new Set();
    const held = await markSome(batch, chosen, fresh);
    const marked = new Set(held.map(({ inviteId }) => inviteId));
    await stillOurs(turn);
    if (marked.size < chosen.length) {
      const missing = chosen.length - marked.size;
      const what = "chosen places without their invite: the queue was changed from outside";
      log.error({ batchId: batch.batchId, missing }, what);
    }
    return marked;
  }

  async function entriesOf(chosen: ChosenPlace[], fresh: Fresh): Promise<Map<string, QueueEntry>> {
    const ids = chosen.map(({ entryId }) => entryId);
    const unread = ids.filter((id) => !fresh.entries.has(id));
    const entries = unread.length > 0 ? await queue.load(unread) : new Map<string, QueueEntry>();
    for (const id of ids) {
      const entry = fresh.entries.get(id);
      if (entry) entries.set(id, entry);
    }
    return entries;
  }

  async function markSome(batch: Batch, chosen: ChosenPlace[], fresh: Fresh): Promise<ChosenPlace[]> {
    const entries = await entriesOf(chosen, fresh);
    const marking = chosen.flatMap((place) => markingOf(entries.get(place.entryId), batch, place));
    const refused = await queue.write(marking, new Set(entries.keys()));
    for (const entry of marking) entries.set(entry.entryId, entry);
    // Another owner has marked these and gone on.
    if (refused.size > 0) for (const [id, entry] of await queue.load([...refused])) entries.set(id, entry);
    return chosen.filter((place) => isMarked(entries.get(place.entryId), place));
  }
}

const markingOf = (entry: QueueEntry | undefined, batch: Batch, place: ChosenPlace): QueueEntry[] =>
  entry && isBefore(entry, batch) && isUnmarked(entry, place) ? [markedEntry(entry, batch, place)] : [];
