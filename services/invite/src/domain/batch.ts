// A batch of invites: asked for by one record of the log, decided once, carried out in parts that can be repeated.
import type { EventOf } from "@waitlist/contracts";
import type { RosterRecord } from "@waitlist/roster";

export type BatchRequest = RosterRecord & { event: EventOf<"InviteBatchRequested"> };
export type BatchCompletion = RosterRecord & { event: EventOf<"InviteBatchCompleted"> };

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
  count: number;
  /** How many places are chosen, marked and put on the log at a time; stays what it was when the batch began. */
  partSize: number;
  decision: Decision | null;
  progress: Progress;
  /** Every fact of the batch is on the log: a replay has nothing to add. */
  isOnLog: boolean;
  /** Where its completion was read back from the log. */
  completed: { offset: number; at: number } | null;
}

/** The batch that a request asks for, before anything is decided. */
export function requestedBatch(
  { event, offset, timestamp, unreadable }: BatchRequest,
  partSize: number,
): Batch {
  const { batchId, waitlistId, count, note, requestedBy } = event.data;
  return {
    batchId,
    waitlistId,
    offset,
    requestedAt: timestamp,
    requestedBy: unreadable ? "" : requestedBy,
    ...(note === undefined || unreadable ? {} : { note }),
    count,
    partSize,
    decision: null,
    progress: { upTo: 0, allocated: 0 },
    isOnLog: false,
    completed: null,
  };
}

/** Whether a stored batch is this record's own; otherwise the record repeats a batchId and means nothing. */
export const belongsTo = (batch: Batch, { offset, event }: BatchRequest): boolean =>
  batch.offset === offset && batch.waitlistId === event.data.waitlistId;
