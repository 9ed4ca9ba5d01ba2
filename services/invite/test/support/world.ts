// The database and the log in memory: what the ports promise and no more, and with guards that can be left out.
import type { WaitlistEvent } from "@waitlist/contracts";
import { currentPlace, type DefinitionInForce, type RosterRecord, statusOf } from "@waitlist/roster";
import type { Batch } from "../../src/domain/batch.ts";
import type { ChosenPlace, QueueEntry } from "../../src/domain/choosing.ts";
import type { Batches, Facts, Queue } from "../../src/ports.ts";
import { createPaper } from "./reference.ts";
import type { Step } from "./turns.ts";

/** What a planted control leaves out. */
export interface Weakness {
  /** Marking replaces an entry whatever has happened to it. */
  unguardedMarking?: true;
  /** What is chosen is not frozen: each attempt stores its own choice. */
  unstoredChoice?: true;
  /** The same for how many and up to which position: the first decision doesn't stay. */
  unstoredDecision?: true;
  /** A batchId at another offset is another batch. */
  batchPerRecord?: true;
  /** A chunk's records are all applied before its batches are decided. */
  unsplitChunks?: true;
}

export function createWorld(weakness: Weakness = {}) {
  const log: RosterRecord[] = [];
  const entries = new Map<string, QueueEntry>();
  const batches = new Map<string, Batch>();
  const chosen = new Map<string, ChosenPlace[]>();
  const paper = createPaper();
  const invited = new Set<string>();
  const completed = new Set<string>();

  function append(event: WaitlistEvent): void {
    const record = { offset: log.length, timestamp: 1000 * log.length, event };
    log.push(record);
    paper.take(record);
    if (event.type === "InviteAllocated") invited.add(event.data.inviteId);
    if (event.type === "InviteBatchCompleted") completed.add(event.data.batchId);
  }

  /** Whatever gets as far as `offset` comes after all facts of every batch before it. */
  function assertFactsBefore(offset: number): void {
    for (const batch of paper.batches.values()) {
      if (batch.offset >= offset) continue;
      const missing = batch.invited.some(({ inviteId }) => !invited.has(inviteId ?? ""));
      if (missing || !completed.has(batch.batchId)) {
        throw new Error(`${batch.batchId}@${batch.offset} has facts missing when ${offset} is applied`);
      }
    }
  }

  return { weakness, log, entries, batches, chosen, paper, cursor: { next: 0 }, append, assertFactsBefore };
}

export type World = ReturnType<typeof createWorld>;

const isMarking = ({ places, lastOffset }: QueueEntry) =>
  places.some(({ invite }) => invite?.offset === lastOffset);

/** One owner's way to the queue; a bulk's writes happen one by one. */
export function queueOf({ entries, weakness, assertFactsBefore }: World, step: Step): Queue {
  return {
    load: async (ids) => {
      await step();
      return new Map(ids.flatMap((id) => entries.get(id) ?? []).map((entry) => [entry.entryId, entry]));
    },
    highest: async (lists, before) => {
      await step();
      const highest = new Map<string, number>();
      for (const { waitlistId, places } of entries.values()) {
        for (const { joinOffset, position } of places) {
          if (!lists.includes(waitlistId) || joinOffset >= before) continue;
          highest.set(waitlistId, Math.max(position, highest.get(waitlistId) ?? 0));
        }
      }
      return highest;
    },
    write: async (changed) => {
      const refused = new Set<string>();
      for (const entry of changed) {
        await step();
        assertFactsBefore(entry.lastOffset);
        const isGuarded = !(weakness.unguardedMarking && isMarking(entry));
        const stored = entries.get(entry.entryId);
        if (isGuarded && stored && stored.lastOffset > entry.lastOffset) refused.add(entry.entryId);
        else if (!isGuarded || stored?.lastOffset !== entry.lastOffset) entries.set(entry.entryId, entry);
      }
      return refused;
    },
    eligible: async function* (waitlistId, limit, partSize) {
      const isEligible = (entry: QueueEntry) =>
        entry.waitlistId === waitlistId && statusOf(currentPlace(entry)) === "waiting";
      const positionOf = (entry: QueueEntry) => currentPlace(entry).position;
      let after = 0;
      let left = limit;
      // Each part is what is there when it is asked for: nothing isolates a long query.
      for (;;) {
        await step();
        const part = [...entries.values()]
          .filter((entry) => isEligible(entry) && positionOf(entry) > after)
          .sort((a, b) => positionOf(a) - positionOf(b))
          .slice(0, Math.min(partSize, left));
        const last = part.at(-1);
        if (last) yield part;
        if (!last || part.length < partSize) return;
        after = positionOf(last);
        left -= part.length;
      }
    },
  };
}

export function batchesOf({ batches, chosen, weakness }: World, step: Step): Batches {
  const stored = (batchId: string): Batch => {
    const batch = batches.get(batchId);
    if (!batch) throw new Error(`no batch ${batchId}`);
    return batch;
  };
  const set = (batchId: string, change: Partial<Batch>) =>
    void batches.set(batchId, { ...stored(batchId), ...change });
  return {
    register: async (batch) => {
      await step();
      const known = batches.get(batch.batchId);
      const isOther = weakness.batchPerRecord && known?.offset !== batch.offset;
      if (!known || isOther) batches.set(batch.batchId, batch);
      const now = stored(batch.batchId);
      return weakness.unstoredDecision && !now.isOnLog
        ? { ...now, decision: null, progress: batch.progress }
        : now;
    },
    keepChosen: async (batchId, part, places) => {
      await step();
      const key = `${batchId}:${part}`;
      if (weakness.unstoredChoice || weakness.batchPerRecord || !chosen.has(key)) chosen.set(key, places);
    },
    chosen: async (batchId, part) => {
      await step();
      return chosen.get(`${batchId}:${part}`) ?? [];
    },
    decide: async (batchId, decision) => {
      await step();
      if (weakness.unstoredDecision || !stored(batchId).decision) set(batchId, { decision });
      return stored(batchId).decision ?? decision;
    },
    advance: async (batchId, progress) => {
      await step();
      if (stored(batchId).progress.upTo < progress.upTo) set(batchId, { progress });
    },
    onLog: async (batchId) => {
      await step();
      set(batchId, { isOnLog: true });
    },
    complete: async (waitlistId, batchId, at) => {
      await step();
      const batch = batches.get(batchId);
      if (batch?.waitlistId === waitlistId && !batch.completed) set(batchId, { completed: at });
    },
    find: async (batchId) => batches.get(batchId) ?? null,
    list: async (waitlistId, limit) =>
      [...batches.values()].filter((batch) => batch.waitlistId === waitlistId).slice(0, limit),
  };
}

/** A part of what is appended may be on the log when its owner dies. */
export const factsOf = ({ append }: World, step: Step): Facts => ({
  append: async (_partition, facts) => {
    for (const fact of facts) {
      await step();
      append(fact);
    }
    await step();
  },
});

/** Definitions are read from the log itself: how they are kept is the roster's own matter. */
export const definitionsOf = ({ log }: World, step: Step) => ({
  keep: () => step(),
  inForce: async (waitlistId: string, at = Number.MAX_SAFE_INTEGER): Promise<DefinitionInForce | null> => {
    await step();
    const found = log.findLast(
      ({ offset, event }) =>
        event.type === "WaitlistDefined" && event.data.waitlistId === waitlistId && offset <= at,
    );
    if (found?.event.type !== "WaitlistDefined") return null;
    const { id: eventId, data } = found.event;
    return { waitlistId, offset: found.offset, eventId, definition: data.definition, at: found.timestamp };
  },
});
