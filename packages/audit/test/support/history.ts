// Histories for the audit's tests: written as the gateway and the invite service would write them.
import {
  createEvent,
  type DataOf,
  type EventType,
  inviteCodeOf,
  type WaitlistDefinition,
  type WaitlistEvent,
} from "@waitlist/contracts";
import { createFindings, type Findings } from "../../src/findings.ts";
import type { LogRecord, PaperBatch, PaperList } from "../../src/paper/model.ts";
import { createPaper, type Paper } from "../../src/paper/paper.ts";

export const SECRET = "a secret of the tests";
export const LIST = "launch";
const FIRST_MS = Date.UTC(2027, 0, 1);

/** An entryId that a number stands for. */
export const entry = (person: number): string => `${"abcdefghijklmnopqrstuvwxyz"[person]}`.repeat(26);

export interface History {
  paper: Paper;
  findings: Findings;
  records: LogRecord[];
  /** Puts an event on the log; returns its offset. `id` makes it a copy of another event. */
  put<T extends EventType>(type: T, data: Omit<DataOf<T>, "waitlistId">, id?: string): number;
  define(invites?: Partial<WaitlistDefinition["invites"]>, replaces?: number): number;
  join(person: number, needsConfirmation?: boolean, id?: string): number;
  /** What the invite service puts on the log for a batch. */
  tell(batchId: string, changes?: Partial<DataOf<"InviteAllocated">>): void;
  complete(batchId: string, changes?: Partial<DataOf<"InviteBatchCompleted">>): void;
  batch(batchId: string): PaperBatch;
  list(): PaperList;
}

export function createHistory(): History {
  const findings = createFindings();
  const paper = createPaper({ secret: SECRET, report: findings.add });
  const records: LogRecord[] = [];

  const put: History["put"] = (type, data, id) => {
    const offset = records.length;
    const timestamp = FIRST_MS + offset * 1000;
    const origin = { source: "/tests", at: timestamp, id: id ?? `event-${offset}` };
    const event = createEvent(type, { waitlistId: LIST, ...data } as DataOf<typeof type>, origin);
    const record = { offset, timestamp, event: event as WaitlistEvent, unreadable: false };
    records.push(record);
    paper.take(record);
    return offset;
  };
  const batch = (batchId: string): PaperBatch => {
    const found = paper.batches.get(batchId);
    if (!found) throw new Error(`there is no batch ${batchId}`);
    return found;
  };
  return {
    ...{ paper, findings, records, put, batch },
    define: (invites = {}, replaces) => {
      const rules = { lifetimeHours: 24, reclaim: false, requeue: "no", ...invites };
      const definition = { name: "Launch", invites: rules } as WaitlistDefinition;
      const data = { definition, idKeyVersion: "key", ...(replaces === undefined ? {} : { replaces }) };
      return put("WaitlistDefined", data);
    },
    join: (person, needsConfirmation = false, id) =>
      put("WaitlistJoined", { entryId: entry(person), needsConfirmation, email: "somebody@example.com" }, id),
    tell: (batchId, changes = {}) => {
      const { chosen, expiresAt, isNamed } = batch(batchId);
      for (const place of chosen.values()) {
        put("InviteAllocated", {
          ...place,
          ...{
            batchId,
            code: inviteCodeOf(SECRET, place.inviteId),
            expiresAt: new Date(expiresAt).toISOString(),
          },
          ...(isNamed ? { outOfOrder: true } : {}),
          ...changes,
        });
      }
    },
    complete: (batchId, changes = {}) => {
      const { chosen, count } = batch(batchId);
      put("InviteBatchCompleted", {
        batchId,
        allocated: chosen.size,
        shortfall: count - chosen.size,
        ...changes,
      });
    },
    list: () => paper.listOf(LIST),
  };
}

/** A request for the next `count`. */
export const ask = (history: History, batchId: string, count: number): number =>
  history.put("InviteBatchRequested", { batchId, count, requestedBy: "an admin" });
