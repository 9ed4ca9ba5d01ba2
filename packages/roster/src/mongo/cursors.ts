import type { Cursor, CursorStore } from "@waitlist/kafka";
import { type Collection, type Db, MongoServerError } from "mongodb";

interface CursorDocument extends Cursor {
  _id: string;
}

const DUPLICATE_KEY = 11000;

/** Whether an error says that a document with this key is there already. */
export const isDuplicateKey = (error: unknown): boolean =>
  error instanceof MongoServerError && error.code === DUPLICATE_KEY;

/** A service's cursor for each partition, beside the data that it is about; advanced by compare-and-set. */
export function createMongoCursors(db: Db): CursorStore {
  const cursors: Collection<CursorDocument> = db.collection("cursors");
  const keyOf = (partition: number) => `partition-${partition}`;
  return {
    load: async (partition) => {
      const found = await cursors.findOne({ _id: keyOf(partition) });
      return found ? { next: found.next, recordId: found.recordId } : null;
    },
    advance: async (partition, from, to) => {
      const _id = keyOf(partition);
      if (from) {
        const { matchedCount } = await cursors.updateOne({ _id, ...from }, { $set: to });
        return matchedCount === 1;
      }
      return cursors.insertOne({ _id, ...to }).then(
        () => true,
        (error: unknown) => {
          if (isDuplicateKey(error)) return false;
          throw error;
        },
      );
    },
  };
}
