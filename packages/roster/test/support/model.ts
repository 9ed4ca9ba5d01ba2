// A database that can be made to lose its guards, and owners of a partition that crash and outlive themselves.
import type { Scheduler } from "fast-check";
import type { RosterEntry } from "../../src/entry.ts";
import { createFold, type EntryRecord, type Evolve } from "../../src/fold.ts";
import { createProjection, type EntryStore } from "../../src/projection.ts";
import { type Rules, rules } from "../../src/rules.ts";
import type { Reference, ReferencePlace } from "./reference.ts";

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

export class Crash extends Error {}

export interface Database {
  documents: Map<string, RosterEntry<Details>>;
  cursor: number;
}

/** One owner's view of the database: every step waits for its turn, and the one after `writesLeft` writes never comes. */
function createStore(
  database: Database,
  weakness: Weakness,
  turn: () => Promise<void>,
  beforeWrite: () => void,
): EntryStore<Details> {
  return {
    load: async (ids) => {
      await turn();
      return new Map(ids.flatMap((id) => [[id, database.documents.get(id)] as const]).filter(isFound));
    },
    highest: async (lists, before) => {
      await turn();
      const highest = new Map<string, number>();
      for (const { waitlistId, places } of database.documents.values()) {
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
        await turn();
        beforeWrite();
        const stored = database.documents.get(entry.entryId);
        const stale = stored !== undefined && stored.lastOffset >= entry.lastOffset;
        if (stale && !weakness.noWriteGuard) refused.add(entry.entryId);
        else database.documents.set(entry.entryId, entry);
      }
      return refused;
    },
  };
}

const isFound = (
  pair: readonly [string, RosterEntry<Details> | undefined],
): pair is [string, RosterEntry<Details>] => pair[1] !== undefined;

/** How one owner works: the sizes of its chunks, in turn, and after how many writes it dies. */
export interface Plan {
  chunks: number[];
  writes: number;
}

/** Follows the history from the cursor to its end, or to its own death. */
export async function runOwner(
  database: Database,
  history: EntryRecord[],
  plan: Plan,
  weakness: Weakness = {},
  scheduler?: Scheduler,
): Promise<void> {
  let writes = 0;
  const turn = async () => {
    if (scheduler) await scheduler.schedule(Promise.resolve());
  };
  const beforeWrite = () => {
    if (writes >= plan.writes) throw new Crash();
    writes += 1;
  };
  const store = createStore(database, weakness, turn, beforeWrite);
  const fold = createFold(evolve, { ...testRules, ...weakness.rules });
  const projection = createProjection({ store, fold });
  let cursor = database.cursor;
  for (let round = 0; cursor < history.length; round++) {
    const next = Math.min(history.length, cursor + (plan.chunks[round % plan.chunks.length] ?? 1));
    await projection.apply({ partition: 0, first: cursor, next, records: history.slice(cursor, next) });
    await turn();
    beforeWrite();
    if (database.cursor === cursor) {
      database.cursor = next;
      cursor = next;
    } else {
      projection.takeOver(0);
      cursor = database.cursor;
    }
  }
}

/** The stored places in the reference's terms. */
export function storedPlaces(documents: Iterable<RosterEntry<Details>>): Reference {
  return new Map(
    [...documents].map(({ entryId, places, details }) => [
      entryId,
      { places: places.map(inReferenceTerms), signup: details?.signup ?? null },
    ]),
  );
}

function inReferenceTerms({
  joinOffset,
  position,
  ...place
}: RosterEntry<Details>["places"][number]): ReferencePlace {
  return {
    joinOffset,
    position,
    ...(place.endOffset === undefined ? {} : { endOffset: place.endOffset }),
    ...(place.confirmedOffset === undefined ? {} : { confirmedOffset: place.confirmedOffset }),
    ...(place.invite ? { inviteId: place.invite.inviteId } : {}),
  };
}
