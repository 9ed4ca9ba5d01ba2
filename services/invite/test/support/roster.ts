// The service over a real database, following a history that the test hands to it.

import { Value } from "@sinclair/typebox/value";
import type { DataOf, ScheduleState, WaitlistEvent } from "@waitlist/contracts";
import { createEvent, entryIdOf, inviteIdOf, slotBatchIdOf, WaitlistDefinition } from "@waitlist/contracts";
import type { HistoryBatch } from "@waitlist/kafka";
import {
  createFold,
  createProjection,
  openRoster,
  type Roster,
  type RosterRecord,
  type Withdrawals,
} from "@waitlist/roster";
import { createLogger } from "@waitlist/runtime";
import { createMongoBatches } from "../../src/adapters/mongo-batches.ts";
import { createMongoCodes } from "../../src/adapters/mongo-codes.ts";
import { createQueue } from "../../src/adapters/mongo-queue.ts";
import { createMongoSchedules } from "../../src/adapters/mongo-schedules.ts";
import { createFindReclaims } from "../../src/handlers/find-reclaims.ts";
import { createHistoryHandler } from "../../src/handlers/history.ts";
import { createRunBatch } from "../../src/handlers/run-batch.ts";
import { createScheduling } from "../../src/handlers/scheduling.ts";
import { createWithdrawBatch } from "../../src/handlers/withdraw-batch.ts";
import type { Batches, Codes, Facts, Queue, Schedules } from "../../src/ports.ts";
import type { Together } from "./owner.ts";
import { SECRET } from "./reference.ts";

export const silent = createLogger("invite", "silent");
export const noMetrics = { begun: () => undefined, allocated: () => undefined, finished: () => undefined };

/** Timers that look often, so that nobody waits for them. */
export const TIMERS = {
  ...{ EVENT_PARTITIONS: 12, ENTRY_ID_SECRET: SECRET, EXPIRY_CHECK_MS: 20, SCHEDULE_INTERVAL_MS: 20 },
};

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
  schedules: Schedules;
  codes: Codes;
  withdrawals: Withdrawals;
  facts: Facts;
}

/** All that is kept in the database. */
export async function storesOf({ entries, db, withdrawals }: Roster<null>): Promise<Omit<Ports, "facts">> {
  const batches = await createMongoBatches(db);
  const schedules = await createMongoSchedules(db);
  return {
    queue: createQueue(entries),
    batches,
    schedules,
    codes: createMongoCodes(db, SECRET),
    withdrawals,
  };
}

export const portsOf = async (roster: Roster<null>, facts: Facts): Promise<Ports> => ({
  ...(await storesOf(roster)),
  facts,
});

export function handlerOver(
  { definitions }: Pick<Roster<null>, "definitions">,
  ports: Ports,
  { partSize, ...together }: { partSize?: number } & Partial<Together> = {},
) {
  const outside = { ...ports, definitions, secret: SECRET };
  const fold = createFold<null>(() => null);
  return createHistoryHandler({
    ...outside,
    projection: createProjection({ store: ports.queue, withdrawals: ports.withdrawals, fold }),
    findReclaims: createFindReclaims(definitions),
    runBatch: createRunBatch({ ...outside, ...together, metrics: noMetrics, log: silent }),
    withdrawBatch: createWithdrawBatch(outside),
    scheduling: createScheduling(outside),
    ...(partSize === undefined ? {} : { partSize }),
  });
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
  define(invites?: { reclaim?: boolean; requeue?: "no" | "place" }): void;
  /** Returns the join's offset. */
  join(person: string, needsConfirmation?: boolean): number;
  say(type: "EntryConfirmed" | "EntryLeft" | "EntryErased", person: string, joinOffset: number): void;
  /** Returns the request's offset. */
  batch(batchId: string, asked: number | { people: string[] }): number;
  /** Sets the schedule "daily", due each minute; returns its version. */
  schedule(as: Pick<DataOf<"InviteScheduleSet">, "count" | "total"> & { state?: ScheduleState }): number;
  /** Returns the id of the batch that this run of it is, if it is one. */
  run(of: { version: number; slot: number; count: number }): string;
  withdrawBatch(batchId: string): void;
  /** Closes the invite that the batch has given the person. */
  close(type: "InviteRedeemed" | "InviteExpired" | "InviteWithdrawn", batchId: string, of: Invited): void;
}

/** Whose invite, on the place that begins at this offset; `requeue` puts that back. */
export interface Invited {
  person: string;
  joinOffset: number;
  requeue?: true;
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
    define: (invites = {}) => {
      const definition = Value.Default(WaitlistDefinition, { name: "A list", invites }) as WaitlistDefinition;
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
    batch: (batchId, asked) => {
      const whom =
        typeof asked === "number"
          ? { count: asked }
          : { entryIds: asked.people.map((person) => entryOf(person).entryId), reason: "friends" };
      const data = { waitlistId, batchId, ...whom, requestedBy: "ada" };
      return add(createEvent("InviteBatchRequested", data, origin));
    },
    schedule: (as) => {
      const when = { cron: "* * * * *", timeZone: "Europe/Berlin", requestedBy: "ada" };
      const data = { waitlistId, scheduleId: "daily", state: "active" as const, ...when, ...as };
      return add(createEvent("InviteScheduleSet", data, origin));
    },
    run: ({ version, slot, count }) => {
      const of = { scheduleId: "daily", scheduleOffset: version, slot, requestedBy: "ada" };
      const batchId = slotBatchIdOf(SECRET, { waitlistId, scheduleId: "daily", offset: version }, slot);
      add(createEvent("InviteBatchRequested", { waitlistId, batchId, count, ...of }, origin));
      return batchId;
    },
    withdrawBatch: (batchId) => {
      add(createEvent("InviteBatchWithdrawn", { waitlistId, batchId, requestedBy: "ada" }, origin));
    },
    close: (type, batchId, { person, joinOffset, requeue }) => {
      const { entryId } = entryOf(person);
      const inviteId = inviteIdOf(SECRET, batchId, entryId, joinOffset);
      const data = { waitlistId, entryId, joinOffset, inviteId };
      if (type === "InviteRedeemed") add(createEvent(type, { ...data, attempt: "one" }, origin));
      else if (type === "InviteWithdrawn") add(createEvent(type, { ...data, requestedBy: "ada" }, origin));
      else add(createEvent(type, { ...data, ...(requeue ? { requeue } : {}) }, origin));
    },
  };
}
