import type { Registry } from "@waitlist/runtime";
import { type Db, MongoClient } from "mongodb";
import { wakeWaitingForClosed } from "./closed-sockets.ts";
import { countErrors } from "./errors.ts";
import { tellFailedCommands } from "./failed-commands.ts";

export interface MongoConnection {
  db: Db;
  /** Throws where the server doesn't answer within the selection timeout. */
  ping(): Promise<void>;
  close(): Promise<void>;
}

/** What is acknowledged must survive: a majority, and its journal. */
const WRITE_CONCERN = { w: "majority", journal: true } as const;
const SELECTION_TIMEOUT_MS = 3000;
const SOCKET_TIMEOUT_MS = 20_000;

/** Connects lazily: an outage at the start is an outage like any other. */
export function connectMongo(url: string, database: string, registry?: Registry): MongoConnection {
  wakeWaitingForClosed();
  const client = new MongoClient(url, {
    writeConcern: WRITE_CONCERN,
    serverSelectionTimeoutMS: SELECTION_TIMEOUT_MS,
    socketTimeoutMS: SOCKET_TIMEOUT_MS,
    connectTimeoutMS: SELECTION_TIMEOUT_MS,
    ignoreUndefined: true,
  });
  const plain = client.db(database);
  const db = registry ? tellFailedCommands(plain, countErrors(client, registry)) : plain;
  return {
    db,
    ping: async () => {
      await db.command({ ping: 1 });
    },
    close: () => client.close(),
  };
}
