import { createIndexes } from "@waitlist/roster";
import type { Collection, Db } from "mongodb";
import { EXPIRY_INDEXES } from "../database.ts";
import type { ExpiredBatches } from "../ports.ts";
import { type BatchDocument, toBatch } from "./mongo-batches.ts";

/** How many are read at a time. */
const READ_AT_ONCE = 500;

/** The batches once more, by when their invites expire: a settled one is never looked at again. */
export async function createMongoExpiredBatches(db: Db): Promise<ExpiredBatches> {
  const batches: Collection<BatchDocument> = db.collection("batches");
  await createIndexes(db, EXPIRY_INDEXES);
  return {
    due: (now) =>
      batches
        // Equal to null is what has no such field, too.
        .find({ isSettled: null as never, isOnLog: true, "decision.expiresAt": { $lte: now } })
        .sort({ "decision.expiresAt": 1 })
        .batchSize(READ_AT_ONCE)
        .map(toBatch),
    settle: async (batchId) => {
      await batches.updateOne({ _id: batchId }, { $set: { isSettled: true } });
    },
  };
}
