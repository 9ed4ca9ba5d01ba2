// A database in memory that can be made to lose its guards.
import type { RosterEntry } from "../../src/entry.ts";
import type { Evolve } from "../../src/fold.ts";
import {
  batchKey,
  type EntryStore,
  type Withdrawal,
  type Withdrawals,
  withdrawalIn,
} from "../../src/projection.ts";
import { type Rules, rules } from "../../src/rules.ts";
import type { Cursors, Database } from "./owner.ts";

/** So few that a history of two dozen records forgets some. */
export const REMEMBERED = 1;
export const testRules: Rules = { ...rules, remember: (ids, id) => [...ids, id].slice(-REMEMBERED) };

export interface Details {
  signup: string;
}

export const evolve: Evolve<Details> = (details, { event }, outcome) =>
  event.type === "WaitlistJoined" && outcome.kind === "placed" ? { signup: event.id } : details;

/** What a test of a guard leaves out. */
export interface Weakness {
  rules?: Partial<Rules>;
  /** Writes replace whatever is stored. */
  noWriteGuard?: boolean;
  /** The highest position counts places that the cursor has not passed, too. */
  noCutOff?: boolean;
}

export function createModel(weakness: Weakness): Database<Details> {
  const documents = new Map<string, RosterEntry<Details>>();
  return {
    store: createStore(documents, weakness),
    withdrawals: createWithdrawals(),
    cursors: createCursors(),
    entries: async () => [...documents.values()],
  };
}

/** Withdrawn batches in memory. */
export function createWithdrawals(): Withdrawals {
  const withdrawn = new Map<string, Withdrawal>();
  return {
    keep: async (records) => {
      for (const found of records.map(withdrawalIn)) {
        if (found && !withdrawn.has(found.key)) withdrawn.set(found.key, found.withdrawal);
      }
    },
    of: async (batches) => {
      const keys = new Set(batches.map(batchKey));
      return new Map([...withdrawn].filter(([key]) => keys.has(key)));
    },
  };
}

function createCursors(): Cursors {
  let cursor = 0;
  return {
    load: async () => cursor,
    advance: async (from, to) => {
      if (cursor !== from) return false;
      cursor = to;
      return true;
    },
  };
}

function createStore(documents: Map<string, RosterEntry<Details>>, weakness: Weakness): EntryStore<Details> {
  return {
    load: async (ids) => {
      const found = ids.map((id) => documents.get(id)).filter((entry) => entry !== undefined);
      return new Map(found.map((entry) => [entry.entryId, entry]));
    },
    highest: async (lists, before) => {
      const highest = new Map<string, number>();
      for (const { waitlistId, places } of documents.values()) {
        const passed = places.filter(({ joinOffset }) => weakness.noCutOff || joinOffset < before);
        if (!lists.includes(waitlistId) || passed.length === 0) continue;
        const own = Math.max(...passed.map(({ position }) => position));
        highest.set(waitlistId, Math.max(own, highest.get(waitlistId) ?? 0));
      }
      return highest;
    },
    write: async (entries) => {
      const refused = new Set<string>();
      for (const entry of entries) {
        const stored = documents.get(entry.entryId);
        const stale = stored !== undefined && stored.lastOffset >= entry.lastOffset;
        if (stale && !weakness.noWriteGuard) refused.add(entry.entryId);
        else documents.set(entry.entryId, entry);
      }
      return refused;
    },
  };
}
