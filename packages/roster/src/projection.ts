// Takes a chunk of history into a service's entries: load what it names, fold in memory, write with guards.
import { allAtRest } from "@waitlist/runtime";
import { type EntryRecord, isAboutAnEntry, type RosterEntry, type RosterRecord } from "./entry.ts";
import type { BatchName, WithdrawnAt } from "./facts.ts";
import type { Fold, Outcome } from "./fold.ts";

/** Where a service keeps its entries. Every method throws where the database can't be reached. */
export interface EntryStore<D> {
  load(entryIds: string[]): Promise<Map<string, RosterEntry<D>>>;
  /** The highest position of each list among places joined below `before`; lists without one are left out. */
  highest(waitlistIds: string[], before: number): Promise<Map<string, number>>;
  /**
   * Writes each entry unless what is stored has a `lastOffset` at least as high; returns the ids that were refused.
   * `known` are the ids that `load` found.
   */
  write(entries: RosterEntry<D>[], known: ReadonlySet<string>): Promise<Set<string>>;
}

/** A whole batch taken back: where and when, by whom and why. */
export interface Withdrawal {
  offset: number;
  /** The broker's time, in milliseconds. */
  at: number;
  by: string;
  reason?: string;
}

/** Batches that were withdrawn as a whole. Every method throws where the database can't be reached. */
export interface Withdrawals {
  /** Keeps the withdrawals among these records, the first of each batch. */
  keep(records: readonly RosterRecord[]): Promise<void>;
  /** The withdrawal of each of these batches, by `batchKey`; those that weren't withdrawn are left out. */
  of(batches: BatchName[]): Promise<Map<string, Withdrawal>>;
}

/** What a record says of a batch's withdrawal, if it does. */
export function withdrawalIn({ event, offset, timestamp: at, unreadable }: RosterRecord) {
  if (event.type !== "InviteBatchWithdrawn") return null;
  const { requestedBy, reason } = event.data;
  const said = unreadable ? { by: "" } : { by: requestedBy, ...(reason === undefined ? {} : { reason }) };
  const withdrawal: Withdrawal = { offset, at, ...said };
  return { key: batchKey(event.data), withdrawal };
}

/** A batch's name in one string. */
export const batchKey = ({ waitlistId, batchId }: BatchName): string => `${waitlistId}:${batchId}`;

/** A part of one partition's history without gaps: `first` is its first offset, `next` the one after its last. */
export interface Chunk {
  partition: number;
  first: number;
  next: number;
  records: readonly RosterRecord[];
}

export interface Applied<D> {
  /** Every entry that the chunk names, as it is stored now. */
  entries: Map<string, RosterEntry<D>>;
  /** What each record about an entry did, in order. */
  effects: { record: EntryRecord; outcome: Outcome }[];
}

export interface Projection<D> {
  apply(chunk: Chunk): Promise<Applied<D>>;
  /** Forgets what is kept in memory of a partition: somebody else may have gone on with it. */
  takeOver(partition: number): void;
}

/** How many lists' highest positions a partition keeps in memory; they can be read again at any chunk. */
const REMEMBERED_LISTS = 10_000;

export function createProjection<D>({
  store,
  withdrawals,
  fold,
}: {
  store: EntryStore<D>;
  withdrawals: Withdrawals;
  fold: Fold<D>;
}): Projection<D> {
  /** By partition: each list's highest position, as of the offset that it is valid at. */
  const partitions = new Map<number, { at: number; highest: Map<string, number> }>();

  async function highestBefore(chunk: Chunk, records: EntryRecord[]): Promise<Map<string, number>> {
    const remembered = partitions.get(chunk.partition);
    // Anything but the chunk right after the last one makes what was remembered worthless.
    const highest = remembered?.at === chunk.first ? new Map(remembered.highest) : new Map<string, number>();
    const lists = new Set(records.filter(isJoin).map(({ event }) => event.data.waitlistId));
    const unknown = [...lists].filter((list) => !highest.has(list));
    if (unknown.length > 0) {
      for (const [list, position] of await store.highest(unknown, chunk.first)) highest.set(list, position);
    }
    return highest;
  }

  return {
    takeOver: (partition) => {
      partitions.delete(partition);
    },
    apply: async (chunk) => {
      const records = chunk.records.filter(isAboutAnEntry);
      const ids = [...new Set(records.map(({ event }) => event.data.entryId))];
      const [loaded, highest] = await allAtRest([
        ids.length > 0 ? store.load(ids) : new Map<string, RosterEntry<D>>(),
        highestBefore(chunk, records),
      ]);
      const withdrawn = await withdrawnAmong(withdrawals, chunk, records, loaded);
      const entries = new Map(loaded);
      const effects = records.map((record) => foldInto(entries, highest, fold, record, withdrawn));
      await writeBack(store, loaded, entries);
      if (highest.size > REMEMBERED_LISTS) highest.clear();
      partitions.set(chunk.partition, { at: chunk.next, highest });
      return { entries, effects };
    },
  };
}

const isJoin = ({ event }: EntryRecord): boolean => event.type === "WaitlistJoined";

function foldInto<D>(
  entries: Map<string, RosterEntry<D>>,
  highest: Map<string, number>,
  fold: Fold<D>,
  record: EntryRecord,
  withdrawn: WithdrawnAt,
): Applied<D>["effects"][number] {
  const { entryId, waitlistId } = record.event.data;
  const before = entries.get(entryId);
  // An entryId holds its list: a record that says otherwise is about nobody.
  if (before && before.waitlistId !== waitlistId) return { record, outcome: { kind: "none" } };
  const { entry, outcome, next } = fold(before, record, (highest.get(waitlistId) ?? 0) + 1, withdrawn);
  if (entry) entries.set(entryId, entry);
  if (isJoin(record)) highest.set(waitlistId, next - 1);
  return { record, outcome };
}

/** Only facts about invites need to know which batches were withdrawn; most chunks have none, and ask nothing. */
async function withdrawnAmong(
  withdrawals: Withdrawals,
  chunk: Chunk,
  records: EntryRecord[],
  loaded: ReadonlyMap<string, RosterEntry<unknown>>,
): Promise<WithdrawnAt> {
  await withdrawals.keep(chunk.records);
  const batches = new Map<string, BatchName>();
  const ask = (waitlistId: string, batchId: string) =>
    void batches.set(batchKey({ waitlistId, batchId }), { waitlistId, batchId });
  for (const { event } of records) {
    const { waitlistId, entryId } = event.data;
    if (event.type === "InviteAllocated") ask(waitlistId, event.data.batchId);
    else if (event.type.startsWith("Invite")) {
      for (const { invite } of loaded.get(entryId)?.places ?? []) if (invite) ask(waitlistId, invite.batchId);
    }
  }
  const withdrawn = batches.size > 0 ? await withdrawals.of([...batches.values()]) : new Map();
  return (batch) => withdrawn.get(batchKey(batch));
}

/** Writes what changed, and takes the stored entry where a guard refused: somebody was further already. */
async function writeBack<D>(
  store: EntryStore<D>,
  loaded: Map<string, RosterEntry<D>>,
  entries: Map<string, RosterEntry<D>>,
): Promise<void> {
  const changed = [...entries.values()].filter((entry) => entry !== loaded.get(entry.entryId));
  if (changed.length === 0) return;
  const refused = await store.write(changed, new Set(loaded.keys()));
  if (refused.size === 0) return;
  for (const [id, stored] of await store.load([...refused])) entries.set(id, stored);
}
