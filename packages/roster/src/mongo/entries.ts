import type { EntryStatus } from "@waitlist/contracts";
import type { AnyBulkWriteOperation, Collection, Db } from "mongodb";
import { currentPlace, type RosterEntry, statusOf } from "../entry.ts";
import type { EntryStore } from "../projection.ts";
import { createIndexes, entryIndexes } from "./indexes.ts";
import { insertNew } from "./insert-new.ts";

/** An entry as it is stored: with what is asked for often worked out beside the places. */
export interface EntryDocument<D> extends Omit<RosterEntry<D>, "entryId"> {
  _id: string;
  /** Of the current place. */
  position: number;
  status: EntryStatus;
  /** The current place waits again: it had an invite that expired. */
  requeued?: true;
}

export function toDocument<D>({ entryId, ...entry }: RosterEntry<D>): EntryDocument<D> {
  const place = currentPlace(entry);
  const status = statusOf(place);
  const requeued = status === "waiting" && place.invite !== undefined;
  return {
    ...{ _id: entryId, ...entry, position: place.position, status },
    ...(requeued ? { requeued } : {}),
  };
}

export function fromDocument<D>(document: EntryDocument<D>): RosterEntry<D> {
  const { _id: entryId, waitlistId, places, repeatIds, lastOffset, details } = document;
  return { entryId, waitlistId, places, repeatIds, lastOffset, details };
}

/** The collection of a service's entries, with the indexes that all services need. */
export async function openEntries<D>(db: Db, name: string): Promise<Collection<EntryDocument<D>>> {
  const collection = db.collection<EntryDocument<D>>(name);
  await createIndexes(db, entryIndexes(name));
  return collection;
}

/** Entries in MongoDB. Hot paths find by `_id` alone; only a takeover looks through a list. */
export function createMongoEntries<D>(collection: Collection<EntryDocument<D>>): EntryStore<D> {
  // The driver's filter types don't follow a generic document; the fields below are EntryDocument's own.
  const entries = collection as unknown as Collection<EntryDocument<unknown>>;
  return {
    load: async (ids) => {
      const documents = await entries.find({ _id: { $in: ids } }).toArray();
      return new Map(documents.map((document) => [document._id, fromDocument(document as EntryDocument<D>)]));
    },
    highest: async (waitlistIds, before) => {
      const rows = await entries
        .aggregate<{ _id: string; highest: number }>([
          { $match: { waitlistId: { $in: waitlistIds } } },
          { $unwind: "$places" },
          { $match: { "places.joinOffset": { $lt: before } } },
          { $group: { _id: "$waitlistId", highest: { $max: "$places.position" } } },
        ])
        .toArray();
      return new Map(rows.map(({ _id, highest }) => [_id, highest]));
    },
    write: async (changed, known) => {
      const unknown = changed.filter(({ entryId }) => !known.has(entryId));
      const refused = await insertNew(entries, unknown.map(toDocument));
      const replaced = changed.filter(({ entryId }) => known.has(entryId) || refused.has(entryId));
      return replaceOlder(entries, replaced.map(toDocument));
    },
  };
}

type Entries = Collection<EntryDocument<unknown>>;

/** Replaces what is older; returns the ids whose stored document is as new or newer. */
async function replaceOlder(entries: Entries, documents: EntryDocument<unknown>[]): Promise<Set<string>> {
  if (documents.length === 0) return new Set();
  const operations = documents.map((document): AnyBulkWriteOperation<EntryDocument<unknown>> => {
    const { _id, ...replacement } = document;
    return { replaceOne: { filter: { _id, lastOffset: { $lt: document.lastOffset } }, replacement } };
  });
  const { matchedCount } = await entries.bulkWrite(operations, { ordered: false });
  if (matchedCount === documents.length) return new Set();
  return readRefused(entries, documents);
}

/** Which of the documents are not what is stored: the bulk's answer counts, but doesn't name them. */
async function readRefused(entries: Entries, documents: EntryDocument<unknown>[]): Promise<Set<string>> {
  const ids = documents.map(({ _id }) => _id);
  const stored = await entries
    .find({ _id: { $in: ids } }, { projection: { lastOffset: 1 } })
    .map(({ _id, lastOffset }) => [_id, lastOffset] as const)
    .toArray();
  const offsets = new Map(stored);
  return new Set(
    documents.filter(({ _id, lastOffset }) => offsets.get(_id) !== lastOffset).map(({ _id }) => _id),
  );
}
