import type { WaitlistDefinition } from "@waitlist/contracts";
import type { Collection, Db } from "mongodb";
import type { RosterRecord } from "../entry.ts";

/** A definition from the offset at which it came into force. */
export interface DefinitionInForce {
  waitlistId: string;
  offset: number;
  definition: WaitlistDefinition;
}

export interface Definitions {
  /** Keeps the definitions among these records, each once. */
  keep(records: readonly RosterRecord[]): Promise<void>;
  /** The definition in force at an offset (the latest without one), or null where the list wasn't defined yet. */
  inForce(waitlistId: string, at?: number): Promise<DefinitionInForce | null>;
  /** The latest definition of every list. */
  all(): Promise<DefinitionInForce[]>;
}

interface DefinitionDocument extends DefinitionInForce {
  _id: string;
}

/** Offsets as text that sorts as they do. */
const padded = (offset: number) => String(offset).padStart(16, "0");

/** Definitions by offset: what happens at N uses the one in force at N, in a replay too. */
export async function createMongoDefinitions(db: Db): Promise<Definitions> {
  const collection: Collection<DefinitionDocument> = db.collection("definitions");
  await collection.createIndex({ waitlistId: 1, offset: 1 });
  return {
    keep: async (records) => {
      for (const { offset, event, unreadable } of records) {
        if (event.type !== "WaitlistDefined" || unreadable) continue;
        const { waitlistId, definition } = event.data;
        const _id = `${waitlistId}:${padded(offset)}`;
        await collection.updateOne(
          { _id },
          { $setOnInsert: { waitlistId, offset, definition } },
          { upsert: true },
        );
      }
    },
    inForce: async (waitlistId, at = Number.MAX_SAFE_INTEGER) => {
      const found = await collection
        .find({ waitlistId, offset: { $lte: at } }, { projection: { _id: 0 } })
        .sort({ offset: -1 })
        .limit(1)
        .next();
      return found;
    },
    all: async () => {
      const documents = await collection
        .find({}, { projection: { _id: 0 } })
        .sort({ offset: 1 })
        .toArray();
      return [...new Map(documents.map((document) => [document.waitlistId, document])).values()];
    },
  };
}
