import { type Installation, secretFingerprint } from "@waitlist/contracts";
import type { CursorStore } from "@waitlist/kafka";
import { type Logger, type Registry, untilItWorks } from "@waitlist/runtime";
import type { Collection, Db } from "mongodb";
import { counted } from "../counted.ts";
import { createFold, type Evolve, type Remains } from "../fold.ts";
import { createProjection, type Projection, type Withdrawals } from "../projection.ts";
import { connectMongo, type MongoConnection } from "./connect.ts";
import { createMongoCursors } from "./cursors.ts";
import { createMongoDefinitions, type Definitions, type DefinitionsByEvent } from "./definitions.ts";
import { createMongoEntries, type EntryDocument, openEntries } from "./entries.ts";
import { ensureInstallation, InstallationMismatch } from "./installation.ts";
import { createMongoWithdrawals } from "./withdrawals.ts";

/** A service's own home of the history: its entries, definitions and cursors in one database. */
export interface Roster<D> {
  db: Db;
  entries: Collection<EntryDocument<D>>;
  projection: Projection<D>;
  definitions: Definitions & DefinitionsByEvent;
  withdrawals: Withdrawals;
  cursors: CursorStore;
  installation: Installation;
  /** Throws where the database doesn't answer. */
  ping(): Promise<void>;
  close(): Promise<void>;
}

/**
 * Opens a service's database, waiting for it while it is away. Throws `InstallationMismatch` where it was begun with
 * another secret or number of partitions.
 */
export async function openRoster<D>(options: {
  url: string;
  database: string;
  /** Name of the collection of entries. */
  collection: string;
  secret: string;
  partitions: number;
  evolve: Evolve<D>;
  /** What of it stays after an erasure; nothing, unless it is given. */
  remains?: Remains<D>;
  log: Logger;
  /** For what the database and the records come to; not measured without it. */
  registry?: Registry;
}): Promise<Roster<D>> {
  const { registry } = options;
  const installation = {
    secretFingerprint: secretFingerprint(options.secret),
    partitions: options.partitions,
  };
  const open = async (): Promise<Roster<D>> => {
    // A client that could not connect at first never does: each attempt has one of its own.
    const connection = connectMongo(options.url, options.database, registry);
    try {
      return await openOn(connection);
    } catch (error) {
      await connection.close();
      throw error;
    }
  };
  const openOn = async (connection: MongoConnection): Promise<Roster<D>> => {
    await ensureInstallation(connection.db, installation);
    const entries = await openEntries<D>(connection.db, options.collection);
    const definitions = await createMongoDefinitions(connection.db);
    const store = createMongoEntries(entries);
    const withdrawals = createMongoWithdrawals(connection.db);
    const projection = createProjection({
      ...{ store, withdrawals },
      fold: createFold(options.evolve, undefined, options.remains),
    });
    return {
      ...connection,
      entries,
      definitions,
      installation,
      withdrawals,
      projection: registry ? counted(projection, registry) : projection,
      cursors: createMongoCursors(connection.db),
    };
  };
  const isFatal = (error: unknown) => error instanceof InstallationMismatch;
  return untilItWorks("the database", open, { log: options.log, isFatal });
}
