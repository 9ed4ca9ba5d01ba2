import {
  type Db,
  type Document,
  type Filter,
  MongoServerError,
  type UpdateFilter,
  WriteConcern,
} from "mongodb";

export interface Update<D> {
  q: Filter<D>;
  u: UpdateFilter<D>;
}

/** Carries out updates in order, up to the first that fails; returns how many documents they found. Throws where one fails. */
export type UpdateInOrder<D> = (updates: Update<D>[]) => Promise<number>;

interface UpdateAnswer {
  n: number;
  writeErrors?: Document[];
}

/**
 * MongoDB's `update` command itself, for a handful of updates: what the driver's `bulkWrite` does around it takes a sender as
 * much time as the rest of the call. It is not retried by the driver.
 */
export function createUpdateInOrder<D>(db: Db, collection: string): UpdateInOrder<D> {
  return async (updates) => {
    const command: Document = { update: collection, updates, ordered: true };
    // A command inherits no option of the connection.
    if (db.writeConcern) WriteConcern.apply(command, db.writeConcern);
    const { n, writeErrors = [] } = (await db.command(command, { ignoreUndefined: true })) as UpdateAnswer;
    const [failure] = writeErrors;
    if (failure) throw new MongoServerError(failure);
    return n;
  };
}
