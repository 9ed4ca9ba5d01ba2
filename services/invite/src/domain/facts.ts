// The facts that a batch puts on the log. Everything in them comes from the batch: a replay makes the same bytes.
import { createHash } from "node:crypto";
import { createEvent, type WaitlistEvent } from "@waitlist/contracts";
import type { Batch, BatchWithdrawal, Decision } from "./batch.ts";
import type { ChosenPlace, CodedPlace } from "./choosing.ts";

/** Who says it, in events of this service. */
export const SOURCE = "/services/invite";

/** An event id made of its cause, so that the fact of a replay is the same fact; at most 64 characters. */
const idOf = (type: string, cause: string): string =>
  createHash("sha256").update(`${type}\n${cause}`).digest("base64url");

export function allocatedFact(
  batch: Batch,
  { expiresAt }: Decision,
  { entryId, joinOffset, inviteId, position, code }: CodedPlace,
): WaitlistEvent {
  const data = {
    waitlistId: batch.waitlistId,
    entryId,
    joinOffset,
    inviteId,
    code,
    batchId: batch.batchId,
    position,
    expiresAt: new Date(expiresAt).toISOString(),
    ...(batch.named ? { outOfOrder: true as const } : {}),
    // Nobody asked for a reclaim; an unreadable request doesn't say who did.
    ...(batch.requestedBy === "" || batch.reclaims ? {} : { requestedBy: batch.requestedBy }),
  };
  const id = idOf("InviteAllocated", inviteId);
  return createEvent("InviteAllocated", data, { source: SOURCE, at: batch.requestedAt, id });
}

export function completedFact(
  { waitlistId, batchId, count, requestedAt }: Batch,
  allocated: number,
): WaitlistEvent {
  const data = { waitlistId, batchId, allocated, shortfall: count - allocated };
  const id = idOf("InviteBatchCompleted", batchId);
  return createEvent("InviteBatchCompleted", data, { source: SOURCE, at: requestedAt, id });
}

/** One invite of a batch that was withdrawn as a whole. */
export function withdrawnFact(
  { event, timestamp, unreadable }: BatchWithdrawal,
  { entryId, joinOffset, inviteId }: ChosenPlace,
): WaitlistEvent {
  const { waitlistId, requestedBy, reason } = event.data;
  const said = unreadable
    ? { requestedBy: "" }
    : { requestedBy, ...(reason === undefined ? {} : { reason }) };
  const data = { waitlistId, entryId, joinOffset, inviteId, ...said };
  const id = idOf("InviteWithdrawn", inviteId);
  return createEvent("InviteWithdrawn", data, { source: SOURCE, at: timestamp, id });
}

/** The end of an invite's time, which was over `at` (milliseconds); `requeue` as the list says when this is proposed. */
export function expiredFact(
  waitlistId: string,
  { entryId, joinOffset, inviteId }: ChosenPlace,
  { requeue, at }: { requeue: boolean; at: number },
): WaitlistEvent {
  const data = { waitlistId, entryId, joinOffset, inviteId, ...(requeue ? { requeue: true as const } : {}) };
  const id = idOf("InviteExpired", inviteId);
  return createEvent("InviteExpired", data, { source: SOURCE, at, id });
}
