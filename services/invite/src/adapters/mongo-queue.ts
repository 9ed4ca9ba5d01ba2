import { createMongoEntries, type EntryDocument, fromDocument } from "@waitlist/roster";
import type { Collection } from "mongodb";
import { ELIGIBLE, type QueueEntry } from "../domain/choosing.ts";
import type { Queue } from "../ports.ts";

/** Entries that come with one answer. */
const READ_TOGETHER = 2000;

/** The queue in MongoDB; `collection` is the roster's. */
export function createQueue(collection: Collection<EntryDocument<null>>): Queue {
  return {
    ...createMongoEntries(collection),
    // One query for a whole batch, read part by part.
    eligible: async function* (waitlistId, { limit, partSize, neverInvited }) {
      const cursor = collection
        .find({ waitlistId, status: ELIGIBLE, ...(neverInvited ? { requeued: { $ne: true } } : {}) })
        .sort({ position: 1 })
        .limit(limit)
        .batchSize(Math.max(partSize, READ_TOGETHER));
      let part: QueueEntry[] = [];
      for await (const document of cursor) {
        part.push(fromDocument(document));
        if (part.length < partSize) continue;
        yield part;
        part = [];
      }
      if (part.length > 0) yield part;
    },
    countEligible: (waitlistId) => collection.countDocuments({ waitlistId, status: ELIGIBLE }),
  };
}
