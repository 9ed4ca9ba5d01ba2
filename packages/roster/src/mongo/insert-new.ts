import { type Collection, MongoBulkWriteError } from "mongodb";

const DUPLICATE_KEY = 11000;

/** Inserts those whose ids aren't there yet; returns the ids that were: they keep what they are. */
export async function insertNew<D extends { _id: string }>(
  collection: Collection<D>,
  documents: D[],
): Promise<Set<string>> {
  if (documents.length === 0) return new Set();
  try {
    // The driver's insert type doesn't follow a generic document.
    await (collection as unknown as Collection<{ _id: string }>).insertMany(documents, { ordered: false });
    return new Set();
  } catch (error) {
    return duplicates(error, documents);
  }
}

/** The documents behind a bulk's duplicate keys; any other failure is thrown on. */
function duplicates(error: unknown, documents: { _id: string }[]): Set<string> {
  if (!(error instanceof MongoBulkWriteError)) throw error;
  const failures = [error.writeErrors].flat();
  // Without a failure of a document it is the write concern that failed: nothing says that the others will stay.
  const unsure = failures.length === 0 || error.result.getWriteConcernError() !== undefined;
  if (unsure || failures.some(({ code }) => code !== DUPLICATE_KEY)) throw error;
  return new Set(failures.map(({ index }) => documents[index]?._id ?? ""));
}
