import { createIndexes, insertNew } from "@waitlist/roster";
import type { Collection, Db } from "mongodb";
import { BATCH_INDEXES } from "../database.ts";
import type { Batch } from "../domain/batch.ts";
import type { ChosenPlace } from "../domain/choosing.ts";
import type { Batches } from "../ports.ts";

export interface BatchDocument extends Omit<Batch, "batchId"> {
  _id: string;
}

/** A part of a batch's chosen places in order of position: few documents a batch, each found by its key. */
interface ChosenDocument {
  _id: string;
  chosen: ChosenPlace[];
}

export const toBatch = ({ _id: batchId, ...batch }: BatchDocument): Batch => ({ batchId, ...batch });
const partKey = (batchId: string, part: number) => `${batchId}:${part}`;

/** Batches in MongoDB. What decides is written once: inserted, or set where it was null. */
export async function createMongoBatches(db: Db): Promise<Batches> {
  const batches: Collection<BatchDocument> = db.collection("batches");
  const parts: Collection<ChosenDocument> = db.collection("batch_parts");
  await createIndexes(db, BATCH_INDEXES);

  async function read(batchId: string): Promise<Batch> {
    const found = await batches.findOne({ _id: batchId });
    if (!found) throw new Error(`batch ${batchId} is gone from the database`);
    return toBatch(found);
  }

  return {
    register: async (batch) => {
      const { batchId: _id, ...fields } = batch;
      const known = await insertNew(batches, [{ _id, ...fields }]);
      return known.has(_id) ? read(_id) : batch;
    },
    keepChosen: async (batchId, first, chosen) => {
      const documents = chosen.map((part, index) => ({ _id: partKey(batchId, first + index), chosen: part }));
      await insertNew(parts, documents);
    },
    chosen: async (batchId, part) => {
      const found = await parts.findOne({ _id: partKey(batchId, part) });
      if (!found) throw new Error(`part ${part} of batch ${batchId} is gone from the database`);
      return found.chosen;
    },
    decide: async (batchId, decision) => {
      const { modifiedCount } = await batches.updateOne(
        { _id: batchId, decision: null },
        { $set: { decision } },
      );
      return modifiedCount === 1 ? decision : ((await read(batchId)).decision ?? decision);
    },
    advance: async (batchId, progress) => {
      await batches.updateOne(
        { _id: batchId, "progress.upTo": { $lt: progress.upTo } },
        { $set: { progress } },
      );
    },
    onLog: async (batchId) => {
      await batches.updateOne({ _id: batchId }, { $set: { isOnLog: true } });
    },
    complete: async (waitlistId, batchId, completed) => {
      await batches.updateOne({ _id: batchId, waitlistId, completed: null }, { $set: { completed } });
    },
    withdraw: async (batchId, withdrawn) => {
      await batches.updateOne({ _id: batchId, withdrawn: null }, { $set: { withdrawn } });
    },
    find: async (batchId) => {
      const found = await batches.findOne({ _id: batchId });
      return found ? toBatch(found) : null;
    },
    list: (waitlistId, { before, limit }) =>
      batches
        .find({ waitlistId, offset: { $lt: before } })
        .sort({ offset: -1 })
        .limit(limit)
        .map(toBatch)
        .toArray(),
  };
}
