import {
  createMongoEntries,
  createMongoWithdrawals,
  type EntryDocument,
  fromDocument,
  openEntries,
} from "@waitlist/roster";
import type { Cursors, Database } from "@waitlist/roster/testing";
import type { Db } from "mongodb";

/** A service's entries and one partition's cursor in a real database, as the misfortunes of the property ask for them. */
export async function openDatabase<D>(
  db: Db,
  name: string,
): Promise<Database<D> & { empty(): Promise<void> }> {
  const collection = await openEntries<D>(db, name);
  const cursors = db.collection<{ _id: string; next: number }>(`${name}-cursors`);
  return {
    store: createMongoEntries(collection),
    withdrawals: createMongoWithdrawals(db, `${name}-withdrawals`),
    cursors: createCursors(cursors),
    entries: async () =>
      (await collection.find().toArray()).map((found) => fromDocument(found as EntryDocument<D>)),
    empty: async () => {
      await Promise.all([
        collection.deleteMany({}),
        cursors.deleteMany({}),
        db.collection(`${name}-withdrawals`).deleteMany({}),
      ]);
    },
  };
}

interface CursorCollection {
  findOne(filter: object): Promise<{ next: number } | null>;
  updateOne(filter: object, update: object, options?: object): Promise<{ matchedCount: number }>;
}

const createCursors = (collection: CursorCollection): Cursors => ({
  load: async () => {
    const found = await collection.findOne({ _id: "p0" });
    if (found) return found.next;
    await collection.updateOne({ _id: "p0" }, { $setOnInsert: { next: 0 } }, { upsert: true });
    return 0;
  },
  advance: async (from, to) =>
    (await collection.updateOne({ _id: "p0", next: from }, { $set: { next: to } })).matchedCount === 1,
});
