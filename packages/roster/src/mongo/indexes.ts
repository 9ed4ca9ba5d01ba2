// Indexes as they are declared: whoever needs one makes it, and whoever looks after the installation can see that it is there.
import type { Db } from "mongodb";

export interface Index {
  collection: string;
  /** Fields in their order; 1 for ascending, -1 for descending. */
  keys: Readonly<Record<string, 1 | -1>>;
  /** Documents without the fields aren't in it. */
  sparse?: true;
}

/** A service's database: where it is, and which indexes its queries count on. */
export interface Database {
  name: string;
  /** The collection of its entries. */
  entries: string;
  indexes: readonly Index[];
}

/** What every service's database has, for entries in a collection of this name. */
export const rosterIndexes = (entries: string): Index[] => [...entryIndexes(entries), ...DEFINITION_INDEXES];

export const entryIndexes = (collection: string): Index[] => [
  { collection, keys: { waitlistId: 1, position: 1 } },
  { collection, keys: { waitlistId: 1, status: 1, position: 1 } },
];

export const DEFINITION_INDEXES: readonly Index[] = [
  { collection: "definitions", keys: { waitlistId: 1, offset: 1 } },
];

/** Makes those that aren't there. */
export async function createIndexes(db: Db, indexes: readonly Index[]): Promise<void> {
  for (const { collection, keys, sparse } of indexes) {
    await db.collection(collection).createIndex(keys, sparse ? { sparse } : {});
  }
}

/** Those that the database doesn't have, or has otherwise. */
export async function missingIndexes(db: Db, indexes: readonly Index[]): Promise<Index[]> {
  const missing: Index[] = [];
  for (const [collection, wanted] of Map.groupBy(indexes, (index) => index.collection)) {
    const found = await indexesOf(db, collection);
    missing.push(...wanted.filter((index) => !found.has(nameOf(index.keys, index.sparse))));
  }
  return missing;
}

/** The order of the fields counts. */
const nameOf = (keys: object, sparse = false) => JSON.stringify([Object.entries(keys), sparse]);

async function indexesOf(db: Db, collection: string): Promise<Set<string>> {
  // A collection that isn't there has none; the server would call that an error.
  const [known] = await db.listCollections({ name: collection }).toArray();
  if (!known) return new Set();
  const indexes = await db.collection(collection).indexes();
  return new Set(indexes.map(({ key, sparse }) => nameOf(key, sparse === true)));
}
