// A batch of invites: asked for by one record of the log, decided once, carried out in parts that can be repeated.
import type { EventOf } from "@waitlist/contracts";
import type { EntryRecord, RosterRecord, Withdrawal } from "@waitlist/roster";
import type { Run } from "./schedule.ts";

export type BatchRequest = RosterRecord & { event: EventOf<"InviteBatchRequested"> };
export type BatchCompletion = RosterRecord & { event: EventOf<"InviteBatchCompleted"> };

export type BatchWithdrawal = RosterRecord & { event: EventOf<"InviteBatchWithdrawn"> };
export const isBatchWithdrawal = (record: RosterRecord): record is BatchWithdrawal =>
  record.event.type === "InviteBatchWithdrawn";
export const isBatchRequest = (record: RosterRecord): record is BatchRequest =>
  record.event.type === "InviteBatchRequested";
export const isBatchCompletion = (record: RosterRecord): record is BatchCompletion =>
  record.event.type === "InviteBatchCompleted";

/** What was true at the batch's offset; never changed once stored. */
export interface Decision {
  /** How many places are taken: the first that were eligible, by position. */
  taken: number;
  /** The highest position among them, 0 where there is none. */
  highest: number;
  /**
   * How many could have been taken: of the list, or of the named. Not counted for a reclaim; batches from before it was
   * counted have none.
   */
  eligible?: number;
  /** When their invites expire, in milliseconds. */
  expiresAt: number;
}

/** How far the chosen places, in order of position, are marked and on the log. */
export interface Progress {
  /** Chosen places dealt with. */
  upTo: number;
  /** Invites on the log. */
  allocated: number;
}

export interface Batch {
  batchId: string;
  waitlistId: string;
  /** Offset of the request that the batch belongs to: the same batchId elsewhere on the log is a repeat. */
  offset: number;
  /** The request's time on the log, in milliseconds. */
  requestedAt: number;
  requestedBy: string;
  note?: string;
  /** How many are asked for; for named entries, how many those are. */
  count: number;
  /** Entries invited by name, out of order by intent. */
  named?: { entryIds: string[]; reason: string };
  /** The slot of a schedule that this is. */
  run?: Run;
  /** The invite whose place this batch of one gives on. */
  reclaims?: string;
  /** How many places are chosen, marked and put on the log at a time; stays what it was when the batch began. */
  partSize: number;
  decision: Decision | null;
  progress: Progress;
  /** Every fact of the batch is on the log: a replay has nothing to add. */
  isOnLog: boolean;
  /** Its withdrawal, once every invite of it that was open is taken back and that stands on the log. */
  withdrawn: Withdrawal | null;
  /** Where its completion was read back from the log. */
  completed: { offset: number; at: number } | null;
  /** Its time is over, and every invite of it closed or its place ended: nothing of it expires any more. */
  isSettled?: true;
}

/** A batch before anything of it is decided. */
export const batchOf = (asked: Omit<Batch, keyof typeof begun>): Batch => ({ ...asked, ...begun });

const begun = {
  decision: null,
  progress: { upTo: 0, allocated: 0 },
  isOnLog: false,
  withdrawn: null,
  completed: null,
};

/** The batch that a request asks for. Who names entries doesn't count them. */
export function requestedBatch(
  { event, offset, timestamp, unreadable }: BatchRequest,
  partSize: number,
): Batch {
  const { batchId, waitlistId, count = 0, entryIds, note, reason = "", requestedBy } = event.data;
  const said = unreadable ? { requestedBy: "" } : { requestedBy, ...(note === undefined ? {} : { note }) };
  const run = runOf(event.data);
  return batchOf({
    ...{ batchId, waitlistId, offset, requestedAt: timestamp, partSize },
    ...said,
    ...(run ? { run } : {}),
    count: entryIds?.length ?? count,
    ...(entryIds ? { named: { entryIds, reason: unreadable ? "" : reason } } : {}),
  });
}

/** The slot that a request runs; only one that says it whole runs any. */
function runOf({ waitlistId, scheduleId, scheduleOffset, slot }: BatchRequest["event"]["data"]): Run | null {
  if (scheduleId === undefined || scheduleOffset === undefined || slot === undefined) return null;
  return { waitlistId, scheduleId, offset: scheduleOffset, slot };
}

/** The batch of one that gives an invite's place to the next in order, as of the record that freed it. */
export function reclaimBatch(
  { event: { data }, offset, timestamp }: EntryRecord,
  inviteId: string,
  batchId: string,
): Batch {
  return batchOf({
    ...{ batchId, waitlistId: data.waitlistId, offset, requestedAt: timestamp, partSize: 1 },
    ...{ requestedBy: "reclaim", count: 1, reclaims: inviteId },
  });
}

/** Whether a stored batch is this one; otherwise its id is repeated elsewhere on the log, and that means nothing. */
export const isSame = (stored: Batch, { offset, waitlistId }: Batch): boolean =>
  stored.offset === offset && stored.waitlistId === waitlistId;
