// Histories for tests: records, and what the fold and the handlers make of them.
import { Value } from "@sinclair/typebox/value";
import {
  createEvent,
  type DataOf,
  type EventOf,
  WaitlistDefinition,
  type WaitlistEvent,
} from "@waitlist/contracts";
import type { HistoryBatch } from "@waitlist/kafka";
import {
  createFold,
  createProjection,
  type EntryEventType,
  type EntryRecord,
  type EntryStore,
  type RosterRecord,
} from "@waitlist/roster";
import { createWithdrawals } from "@waitlist/roster/testing";
import {
  evolveRecipient,
  type Recipient,
  type RecipientEntry,
  remainsOfRecipient,
} from "../../src/domain/recipient.ts";

export const A = "a".repeat(26);
export const B = "b".repeat(26);
const list = { waitlistId: "first" };

const record = <T extends EntryEventType>(offset: number, type: T, data: DataOf<T>): EntryRecord =>
  ({
    offset,
    timestamp: offset * 1000,
    event: createEvent(type, data, { source: "/test", at: 0, id: `e${offset}` }) as EventOf<T>,
  }) as EntryRecord;

export const joined = (offset: number, entryId = A, more: Partial<DataOf<"WaitlistJoined">> = {}) =>
  record(offset, "WaitlistJoined", {
    ...{ ...list, entryId, email: `${entryId.slice(0, 1)}@example.com`, needsConfirmation: false },
    ...more,
  });
export const confirmed = (offset: number, joinOffset: number, entryId = A) =>
  record(offset, "EntryConfirmed", { ...list, entryId, joinOffset });
export const left = (offset: number, joinOffset: number, entryId = A) =>
  record(offset, "EntryLeft", { ...list, entryId, joinOffset });
export const erased = (offset: number, joinOffset: number, entryId = A) =>
  record(offset, "EntryErased", { ...list, entryId, joinOffset });
export const undeliverable = (offset: number, joinOffset: number, entryId = A) =>
  record(offset, "EntryUndeliverable", {
    ...{ ...list, entryId, joinOffset, mailId: `welcome:${entryId}:${joinOffset}` },
    ...{ cause: "recipient-refused", replyCode: 550, status: "5.1.1", source: "smtp" },
  });
/** Mails that an admin wants to be sent again: those named, or all of a selection. */
export const resendRequested = (
  offset: number,
  wanted: Pick<DataOf<"MailResendRequested">, "mailIds" | "selection">,
  resendId = `m-${offset}`,
): RosterRecord => ({
  offset,
  timestamp: offset * 1000,
  event: createEvent(
    "MailResendRequested",
    { ...list, resendId, ...wanted, requestedBy: "ada" },
    { source: "/test", at: 0, id: `e${offset}` },
  ),
});
export const allocated = (
  offset: number,
  joinOffset: number,
  inviteId = "i-1",
  entryId = A,
  expiresAt = "2030-01-01T00:00:00Z",
) =>
  record(offset, "InviteAllocated", {
    ...{ ...list, entryId, joinOffset, inviteId, code: "ABCD-EFGH-2345", batchId: "b-1" },
    ...{ position: 1, expiresAt },
  });
export const redeemed = (offset: number, joinOffset: number, inviteId = "i-1", entryId = A) =>
  record(offset, "InviteRedeemed", { ...list, entryId, joinOffset, inviteId, attempt: "one" });
export const expired = (offset: number, joinOffset: number, inviteId = "i-1", entryId = A) =>
  record(offset, "InviteExpired", { ...list, entryId, joinOffset, inviteId });
/** It puts the place back into the queue. */
export const requeued = (offset: number, joinOffset: number, inviteId = "i-1", entryId = A) =>
  record(offset, "InviteExpired", { ...list, entryId, joinOffset, inviteId, requeue: true });
export const withdrawn = (offset: number, joinOffset: number, inviteId = "i-1", entryId = A) =>
  record(offset, "InviteWithdrawn", { ...list, entryId, joinOffset, inviteId, requestedBy: "ada" });
/** The list, with these rules for its invites. */
export const defined = (offset: number, invites: object): RosterRecord => ({
  offset,
  timestamp: offset * 1000,
  event: createEvent(
    "WaitlistDefined",
    {
      ...list,
      definition: Value.Default(WaitlistDefinition, { name: "First", invites }) as WaitlistDefinition,
      idKeyVersion: "k",
    },
    { source: "/test", at: 0, id: `e${offset}` },
  ),
});
/** The same record, at another time in milliseconds. */
export const at = (timestamp: number, record: EntryRecord): EntryRecord => ({ ...record, timestamp });
export const unreadable = (readable: EntryRecord): EntryRecord => ({ ...readable, unreadable: "a field" });

export const chunkOf = (records: readonly RosterRecord[]) => {
  const first = records[0]?.offset ?? 0;
  return { partition: 0, first, next: (records.at(-1)?.offset ?? -1) + 1, records };
};

/** The same as the consumer hands it out. */
export const batchOf = (records: readonly RosterRecord[]): HistoryBatch<WaitlistEvent> => ({
  ...chunkOf(records),
  records: records.map((record) => ({ ...record, partition: 0, headers: {} })),
  heartbeat: async () => undefined,
  isStale: () => false,
});

/** Entries in memory, guarded as in the database. */
export function createMemoryEntries(): EntryStore<Recipient> {
  const entries = new Map<string, RecipientEntry>();
  return {
    load: async (ids) =>
      new Map(
        ids.flatMap((id) => {
          const found = entries.get(id);
          return found ? [[id, structuredClone(found)] as const] : [];
        }),
      ),
    highest: async (lists, before) =>
      new Map(
        lists.flatMap((waitlistId) => {
          const places = [...entries.values()].flatMap((entry) =>
            entry.waitlistId === waitlistId ? entry.places : [],
          );
          const positions = places
            .filter(({ joinOffset }) => joinOffset < before)
            .map(({ position }) => position);
          return positions.length > 0 ? [[waitlistId, Math.max(...positions)] as const] : [];
        }),
      ),
    write: async (changed) => {
      const refused = new Set<string>();
      for (const entry of changed) {
        const stored = entries.get(entry.entryId);
        if (stored && stored.lastOffset >= entry.lastOffset) refused.add(entry.entryId);
        else entries.set(entry.entryId, structuredClone(entry));
      }
      return refused;
    },
  };
}

export const projectionOver = (store: EntryStore<Recipient>) =>
  createProjection({
    ...{ store, withdrawals: createWithdrawals() },
    fold: createFold(evolveRecipient, undefined, remainsOfRecipient),
  });
