import { type Document, MongoClient } from "mongodb";
import { CannotAudit } from "../cannot-audit.ts";
import type { Service } from "../findings.ts";
import type {
  BatchDocument,
  ChosenInDocument,
  CodeInDocument,
  Databases,
  DefinitionDocument,
  EntryDocument,
  InstallationDocument,
  ScheduleDocument,
} from "./documents.ts";

const SELECT_WITHIN_MS = 3000;

const ENTRIES = {
  storage: { database: "waitlist_storage", collection: "entries" },
  email: { database: "waitlist_email", collection: "recipients" },
  invite: { database: "waitlist_invite", collection: "queue" },
} as const;

/** Places alone are fetched: what else a service keeps of a person never leaves the database. */
const PLACES_ALONE = { waitlistId: 1, places: 1, repeatIds: 1, position: 1, status: 1 };

/** Connects to MongoDB, to read only. Throws `CannotAudit` where it doesn't answer. */
export async function openMongoDatabases(url: string): Promise<Databases> {
  const client = await connect(url);
  const of = (service: Service) => client.db(ENTRIES[service].database);
  const named = <D extends Document>(service: Service, collection: string) =>
    of(service).collection<D>(collection);
  const entriesOf = (service: Service) => named<EntryDocument>(service, ENTRIES[service].collection);
  const services = Object.keys(ENTRIES) as Service[];
  return {
    installation: (service) =>
      named<InstallationDocument & { _id: string }>(service, "installation").findOne({ _id: "installation" }),
    lists: async () => {
      const found = await Promise.all([
        ...services.map((service) => entriesOf(service).distinct("waitlistId")),
        named<BatchDocument>("invite", "batches").distinct("waitlistId"),
      ]);
      return new Set(found.flat());
    },
    cursor: async (service, partition) => {
      const cursors = named<{ _id: string; next: number }>(service, "cursors");
      return (await cursors.findOne({ _id: `partition-${partition}` }))?.next ?? 0;
    },
    entries: (service, waitlistId) => entriesOf(service).find({ waitlistId }, { projection: PLACES_ALONE }),
    find: (service, entryIds) =>
      entriesOf(service)
        .find({ _id: { $in: entryIds } }, { projection: PLACES_ALONE })
        .toArray(),
    batches: (waitlistId) => named<BatchDocument>("invite", "batches").find({ waitlistId }),
    part: async (batchId, part) => {
      const parts = named<{ _id: string; chosen: ChosenInDocument[] }>("invite", "batch_parts");
      return (await parts.findOne({ _id: `${batchId}:${part}` }))?.chosen ?? null;
    },
    codes: (keys) =>
      named<CodeInDocument>("invite", "codes")
        .find({ _id: { $in: keys } })
        .toArray(),
    schedules: (waitlistId) => named<ScheduleDocument>("invite", "schedules").find({ waitlistId }),
    definitionBefore: (waitlistId, offset) =>
      named<DefinitionDocument & { waitlistId: string }>("storage", "definitions")
        .find({ waitlistId, offset: { $lt: offset } })
        .sort({ offset: -1 })
        .limit(1)
        .next(),
    withdrawals: async (waitlistId) => {
      const prefix = `${waitlistId}:`;
      const found = await named<{ _id: string; offset: number }>("storage", "withdrawals").find().toArray();
      const own = found.filter(({ _id }) => _id.startsWith(prefix));
      return new Map(own.map(({ _id, offset }) => [_id.slice(prefix.length), offset]));
    },
    close: () => client.close(),
  };
}

async function connect(url: string): Promise<MongoClient> {
  try {
    const client = new MongoClient(url, {
      serverSelectionTimeoutMS: SELECT_WITHIN_MS,
      connectTimeoutMS: SELECT_WITHIN_MS,
      appName: "audit",
    });
    return await client.connect();
  } catch (cause) {
    throw new CannotAudit("MongoDB doesn't answer at MONGODB_URL.", { cause });
  }
}
