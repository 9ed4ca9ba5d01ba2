// The service over a real database, following a history that the test hands to it.

import { Value } from "@sinclair/typebox/value";
import type { WaitlistEvent } from "@waitlist/contracts";
import { createEvent, entryIdOf, WaitlistDefinition } from "@waitlist/contracts";
import type { HistoryBatch } from "@waitlist/kafka";
import { openRoster, type Roster, type RosterRecord } from "@waitlist/roster";
import { createLogger } from "@waitlist/runtime";
import { createMongoBatches } from "../../src/adapters/mongo-batches.ts";
import { createQueue } from "../../src/adapters/mongo-queue.ts";
import { createHistoryHandler } from "../../src/handlers/history.ts";
import { createBatchHandler } from "../../src/handlers/invite-batch-requested.ts";
import type { Batches, Facts, Queue } from "../../src/ports.ts";
import { SECRET } from "./reference.ts";

export const silent = createLogger("invite", "silent");
export const noMetrics = { allocated: () => undefined, finished: () => undefined };

export const openTestRoster = (url: string, database: string): Promise<Roster<null>> =>
  openRoster<null>({
    ...{
      url,
      database,
      collection: "queue",
      secret: SECRET,
      partitions: 12,
      evolve: () => null,
      log: silent,
    },
  });

export interface Ports {
  queue: Queue;
  batches: Batches;
  facts: Facts;
}

export async function portsOf(roster: Roster<null>, facts: Facts): Promise<Ports> {
  return { queue: createQueue(roster.entries), batches: await createMongoBatches(roster.db), facts };
}

export function handlerOver(roster: Roster<null>, ports: Ports, partSize?: number) {
  const inviteBatchRequested = createBatchHandler({
    ...{ ...ports, definitions: roster.definitions, secret: SECRET, metrics: noMetrics, log: silent },
    ...(partSize === undefined ? {} : { partSize }),
  });
  return createHistoryHandler({ ...roster, batches: ports.batches, inviteBatchRequested });
}

/** All records from `first` up to, not including, `next` in one go. */
export const stretch = (
  records: RosterRecord[],
  first: number,
  next: number,
): HistoryBatch<WaitlistEvent> => ({
  ...{ partition: 0, first, next },
  records: records.slice(first, next).map((record) => ({ ...record, partition: 0, headers: {} })),
  heartbeat: async () => undefined,
  isStale: () => false,
});

export interface HistoryWriter {
  records: RosterRecord[];
  define(): void;
  /** Returns the join's offset. */
  join(person: string, needsConfirmation?: boolean): number;
  say(type: "EntryConfirmed" | "EntryLeft" | "EntryErased", person: string, joinOffset: number): void;
  batch(batchId: string, count: number): void;
}

/** The history of one list, written by a test. */
export function historyOf(waitlistId: string): HistoryWriter {
  const records: RosterRecord[] = [];
  const origin = { source: "/test", at: 0 };
  const add = (event: WaitlistEvent): number =>
    records.push({ offset: records.length, timestamp: 1000 * records.length, event }) - 1;
  const entryOf = (person: string) => ({ waitlistId, entryId: entryIdOf(SECRET, waitlistId, person) });
  return {
    records,
    define: () => {
      const definition = Value.Default(WaitlistDefinition, {
        name: "A list",
        invites: {},
      }) as WaitlistDefinition;
      add(createEvent("WaitlistDefined", { waitlistId, definition, idKeyVersion: "k" }, origin));
    },
    join: (person, needsConfirmation = false) =>
      add(
        createEvent(
          "WaitlistJoined",
          { ...entryOf(person), needsConfirmation, email: "a@example.com" },
          origin,
        ),
      ),
    say: (type, person, joinOffset) => {
      add(createEvent(type, { ...entryOf(person), joinOffset }, origin));
    },
    batch: (batchId, count) => {
      add(createEvent("InviteBatchRequested", { waitlistId, batchId, count, requestedBy: "ada" }, origin));
    },
  };
}
