// The facts that a batch puts on the log. Everything in them comes from the batch: a replay makes the same bytes.
import { createHash } from "node:crypto";
import { createEvent, inviteCodeOf, type WaitlistEvent } from "@waitlist/contracts";
import type { Batch, Decision } from "./batch.ts";
import type { ChosenPlace } from "./choosing.ts";

const SOURCE = "/services/invite";

/** An event id made of its cause, so that the fact of a replay is the same fact; at most 64 characters. */
const idOf = (type: string, cause: string): string =>
  createHash("sha256").update(`${type}\n${cause}`).digest("base64url");

export function allocatedFact(
  batch: Batch,
  { expiresAt }: Decision,
  place: ChosenPlace,
  secret: string,
): WaitlistEvent {
  const { entryId, joinOffset, inviteId, position } = place;
  const data = {
    waitlistId: batch.waitlistId,
    entryId,
    joinOffset,
    inviteId,
    code: inviteCodeOf(secret, inviteId),
    batchId: batch.batchId,
    position,
    expiresAt: new Date(expiresAt).toISOString(),
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
