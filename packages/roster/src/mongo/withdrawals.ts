import type { Collection, Db } from "mongodb";
import type { Withdrawals } from "../projection.ts";

interface WithdrawalDocument {
  _id: string;
  offset: number;
  at: number;
}

/** Withdrawn batches by id; there are as many as admins have changed their minds. */
export function createMongoWithdrawals(db: Db, name = "withdrawals"): Withdrawals {
  const collection: Collection<WithdrawalDocument> = db.collection(name);
  return {
    keep: async (records) => {
      for (const { event, offset, timestamp: at } of records) {
        if (event.type !== "InviteBatchWithdrawn") continue;
        const { batchId: _id } = event.data;
        await collection.updateOne({ _id }, { $setOnInsert: { offset, at } }, { upsert: true });
      }
    },
    of: async (batchIds) => {
      const found = await collection.find({ _id: { $in: batchIds } }).toArray();
      return new Map(found.map(({ _id, offset, at }) => [_id, { offset, at }]));
    },
  };
}
