import type { EventOf, WaitlistDefinition } from "@waitlist/contracts";
import type { Collection, Db } from "mongodb";
import type { RosterRecord } from "../entry.ts";
import { createIndexes, DEFINITION_INDEXES } from "./indexes.ts";

/** A definition from the offset at which it came into force. */
export interface DefinitionInForce {
  waitlistId: string;
  offset: number;
  eventId: string;
  definition: WaitlistDefinition;
  /** The broker's time of the record, in milliseconds. */
  at: number;
  /** The name of the admin key that asked. */
  definedBy?: string;
}

export interface Definitions {
  /**
   * Keeps the definitions among these records, each once, at its first offset; one that `replaces` another than the one in force at its
   * offset counts for nothing, in a replay too.
   */
  keep(records: readonly RosterRecord[]): Promise<void>;
  /** The definition in force at an offset (the latest without one), or null where the list wasn't defined yet. */
  inForce(waitlistId: string, at?: number): Promise<DefinitionInForce | null>;
  /** The latest definition of every list. */
  all(): Promise<DefinitionInForce[]>;
}

export interface DefinitionsByEvent {
  /** The definition that an event made, in force or not; null where it made none, or isn't there yet. */
  ofEvent(waitlistId: string, eventId: string): Promise<DefinitionInForce | null>;
}

interface DefinitionDocument extends DefinitionInForce {
  _id: string;
}

/** Offsets as text that sorts as they do. */
const padded = (offset: number) => String(offset).padStart(16, "0");

/** Definitions by offset: what happens at N uses the one in force at N, in a replay too. */
export async function createMongoDefinitions(db: Db): Promise<Definitions & DefinitionsByEvent> {
  const collection: Collection<DefinitionDocument> = db.collection("definitions");
  await createIndexes(db, DEFINITION_INDEXES);
  const inForce = (waitlistId: string, at = Number.MAX_SAFE_INTEGER) =>
    collection
      .find({ waitlistId, offset: { $lte: at } }, { projection: { _id: 0 } })
      .sort({ offset: -1 })
      .limit(1)
      .next();

  async function keepOne({ offset, timestamp: at }: RosterRecord, event: EventOf<"WaitlistDefined">) {
    const { waitlistId, definition, definedBy, replaces } = event.data;
    // The same record again, as a producer's retry may put it there: it must not undo what came in between.
    if (await collection.findOne({ waitlistId, eventId: event.id, offset: { $lt: offset } })) return;
    if (replaces !== undefined && (await inForce(waitlistId, offset - 1))?.offset !== replaces) return;
    const by = definedBy === undefined ? {} : { definedBy };
    const document = { waitlistId, offset, eventId: event.id, definition, at, ...by };
    await collection.updateOne(
      { _id: `${waitlistId}:${padded(offset)}` },
      { $setOnInsert: document },
      { upsert: true },
    );
  }

  return {
    keep: async (records) => {
      for (const record of records) {
        const { event, unreadable } = record;
        if (event.type === "WaitlistDefined" && !unreadable) await keepOne(record, event);
      }
    },
    inForce,
    ofEvent: (waitlistId, eventId) =>
      collection.findOne<DefinitionInForce>({ waitlistId, eventId }, { projection: { _id: 0 } }),
    all: async () => {
      const documents = await collection
        .find({}, { projection: { _id: 0 } })
        .sort({ offset: 1 })
        .toArray();
      return [...new Map(documents.map((document) => [document.waitlistId, document])).values()];
    },
  };
}
