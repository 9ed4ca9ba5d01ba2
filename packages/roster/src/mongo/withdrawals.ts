import type { Collection, Db } from "mongodb";
import { batchKey, type Withdrawal, type Withdrawals, withdrawalIn } from "../projection.ts";

interface WithdrawalDocument extends Withdrawal {
  _id: string;
}

/** Withdrawn batches by their names; there are as many as admins have changed their minds. */
export function createMongoWithdrawals(db: Db, name = "withdrawals"): Withdrawals {
  const collection: Collection<WithdrawalDocument> = db.collection(name);
  return {
    keep: async (records) => {
      for (const record of records) {
        const found = withdrawalIn(record);
        if (!found) continue;
        await collection.updateOne({ _id: found.key }, { $setOnInsert: found.withdrawal }, { upsert: true });
      }
    },
    of: async (batches) => {
      const found = await collection.find({ _id: { $in: batches.map(batchKey) } }).toArray();
      return new Map(found.map(({ _id, ...withdrawal }) => [_id, withdrawal]));
    },
  };
}
