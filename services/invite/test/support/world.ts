// The database and the log in memory: what the ports promise and no more, and with guards that can be left out.
import type { WaitlistEvent } from "@waitlist/contracts";
import {
  currentPlace,
  type DefinitionInForce,
  invitesOf,
  type RosterRecord,
  type Rules,
  statusOf,
  type Withdrawals,
} from "@waitlist/roster";
import { createWithdrawals } from "@waitlist/roster/testing";
import type { Batch } from "../../src/domain/batch.ts";
import type { ChosenPlace, CodedInvite, QueueEntry } from "../../src/domain/choosing.ts";
import type { Schedule } from "../../src/domain/schedule.ts";
import type { Batches, Codes, Facts, Queue } from "../../src/ports.ts";
import { createPaper } from "./reference.ts";
import type { ScheduleWeakness } from "./schedule-store.ts";
import type { Step } from "./turns.ts";

/** What a planted control leaves out. */
export interface Weakness extends ScheduleWeakness {
  /** Marking, and taking back, replaces an entry whatever has happened to it. */
  unguardedMarking?: true;
  /** What is chosen is not frozen: each attempt stores its own choice. */
  unstoredChoice?: true;
  /** The same for how many and up to which position: the first decision doesn't stay. */
  unstoredDecision?: true;
  /** A batchId at another offset is another batch. */
  batchPerRecord?: true;
  /** A chunk's records are all applied before what it decides is decided. */
  unsplit?: "batches" | "withdrawals" | "reclaims";
  /** A run is judged by the latest setting of its schedule that the log holds. */
  latestSchedule?: true;
  /** A run counts for whatever version is in force. */
  anyVersion?: true;
  /** Nobody remembers that a batch was withdrawn. */
  forgottenWithdrawals?: true;
  /** Any list may withdraw a batch. */
  foreignWithdrawals?: true;
  /** The latest definition says whether a freed place goes on. */
  latestDefinition?: true;
  /** A record that an entry has seen frees nothing any more. */
  reclaimsOnce?: true;
  /** A reclaim takes whoever waits. */
  reclaimsForAnybody?: true;
  /** A departure frees the place of an invite that was closed before. */
  departuresFreeClosed?: true;
  /** The expiry timer's: see `timer.ts`. */
  timer?: "closes-itself" | "settles-first" | "settles-running" | "early";
  /** Rules of the fold. */
  rules?: Partial<Rules>;
}

export function createWorld(weakness: Weakness = {}) {
  const log: RosterRecord[] = [];
  const paper = createPaper();
  const facts = new Set<string>();

  function append(event: WaitlistEvent): void {
    const record = { offset: log.length, timestamp: 1000 * log.length, event };
    log.push(record);
    paper.take(record);
    const name = factName(event);
    if (name) facts.add(name);
  }

  /** Whatever gets as far as `offset` comes after all facts of everything decided before it. */
  function assertFactsBefore(offset: number): void {
    for (const batch of paper.batches.values()) {
      const { batchId, withdrawn } = batch;
      const allocated = batch.invited.map(({ inviteId }) => `allocated ${inviteId}`);
      const missing = batch.offset < offset ? [...allocated, `completed ${batchId}`] : [];
      if (withdrawn && withdrawn.offset < offset) {
        missing.push(...withdrawn.inviteIds.map((inviteId) => `withdrawn ${inviteId}`));
      }
      const absent = missing.find((fact) => !facts.has(fact));
      if (absent) throw new Error(`${absent} is missing when ${offset} is applied`);
    }
  }

  return {
    ...{ weakness, log, paper, append, assertFactsBefore },
    entries: new Map<string, QueueEntry>(),
    batches: new Map<string, Batch>(),
    chosen: new Map<string, ChosenPlace[]>(),
    schedules: new Map<string, Schedule>(),
    codes: new Map<string, CodedInvite>(),
    withdrawals: createWithdrawals(),
    cursor: { next: 0 },
  };
}

export type World = ReturnType<typeof createWorld>;

/** What the invite service itself says, in one string; null for what others say. */
function factName({ type, source, data }: WaitlistEvent): string | null {
  if (type === "InviteAllocated") return `allocated ${data.inviteId}`;
  if (type === "InviteBatchCompleted") return `completed ${data.batchId}`;
  return type === "InviteWithdrawn" && source !== "/test" ? `withdrawn ${data.inviteId}` : null;
}

const isMarking = ({ places, lastOffset }: QueueEntry) =>
  places
    .flatMap(invitesOf)
    .some(({ offset, closed }) => offset === lastOffset || closed?.offset === lastOffset);

const waitsOn = (waitlistId: string, entry: QueueEntry): boolean =>
  entry.waitlistId === waitlistId && statusOf(currentPlace(entry)) === "waiting";

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
    countEligible: async (waitlistId) => {
      await step();
      return [...entries.values()].filter((entry) => waitsOn(waitlistId, entry)).length;
    },
    eligible: async function* (waitlistId, { limit, partSize, neverInvited }) {
      const isEligible = (entry: QueueEntry) =>
        waitsOn(waitlistId, entry) && !(neverInvited && currentPlace(entry).invite);
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
    keepChosen: async (batchId, first, parts) => {
      for (const [index, places] of parts.entries()) {
        await step();
        const key = `${batchId}:${first + index}`;
        if (weakness.unstoredChoice || weakness.batchPerRecord || !chosen.has(key)) chosen.set(key, places);
      }
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
    withdraw: async (batchId, withdrawn) => {
      await step();
      if (!stored(batchId).withdrawn) set(batchId, { withdrawn });
    },
    find: async (batchId) => {
      await step();
      return batches.get(batchId) ?? null;
    },
    list: async (waitlistId, { before, limit }) =>
      [...batches.values()]
        .filter((batch) => batch.waitlistId === waitlistId && batch.offset < before)
        .sort((one, other) => other.offset - one.offset)
        .slice(0, limit),
  };
}

export const codesOf = ({ codes }: World, step: Step): Pick<Codes, "keep"> => ({
  keep: async (invites) => {
    for (const { code: _, ...invite } of invites) {
      await step();
      if (!codes.has(invite.inviteId)) codes.set(invite.inviteId, invite);
    }
  },
});

export const withdrawalsOf = ({ withdrawals, weakness }: World, step: Step): Withdrawals => ({
  keep: async (records) => {
    if (!records.some(({ event }) => event.type === "InviteBatchWithdrawn")) return;
    await step();
    await withdrawals.keep(records);
  },
  of: async (batches) => {
    await step();
    return weakness.forgottenWithdrawals ? new Map() : withdrawals.of(batches);
  },
});

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
export const definitionsOf = ({ log, weakness }: World, step: Step) => ({
  keep: () => step(),
  inForce: async (waitlistId: string, asked = Number.MAX_SAFE_INTEGER): Promise<DefinitionInForce | null> => {
    await step();
    const at = weakness.latestDefinition ? Number.MAX_SAFE_INTEGER : asked;
    const found = log.findLast(
      ({ offset, event }) =>
        event.type === "WaitlistDefined" &&
        event.data.waitlistId === waitlistId &&
        offset <= at &&
        log.findIndex((record) => record.event.id === event.id) === offset,
    );
    if (found?.event.type !== "WaitlistDefined") return null;
    const { id: eventId, data } = found.event;
    return { waitlistId, offset: found.offset, eventId, definition: data.definition, at: found.timestamp };
  },
});
