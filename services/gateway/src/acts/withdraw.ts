// Withdrawals: proposed on the log, where something else may have closed the invite first.
import {
  type BatchWithdrawalAccepted,
  createEvent,
  type InviteWithdrawalAccepted,
  ProblemError,
} from "@waitlist/contracts";
import { EVENT_SOURCE } from "../event-source.ts";
import type { Clock, EventLog, InviteBatches, Invites } from "../ports.ts";

export interface WithdrawDeps {
  log: EventLog;
  batches: InviteBatches;
  invites: Invites;
  clock: Clock;
}

const REQUESTED = "withdrawal-requested";

/** Who withdraws, and why. */
export interface Withdrawing {
  requestedBy: string;
  reason?: string;
}

/** What closed the invite before, or that its withdrawal is on the log. Throws `ProblemError` `invite-not-found`. */
export async function withdrawInvite(
  { invites, log, clock }: WithdrawDeps,
  code: string,
  said: Withdrawing,
): Promise<InviteWithdrawalAccepted> {
  const found = await invites.find(code);
  if (!found) throw new ProblemError("invite-not-found");
  const { waitlistId, entryId, joinOffset, inviteId, state } = found;
  if (state !== "open") return { inviteId, status: state };
  const data = { waitlistId, entryId, joinOffset, inviteId, ...said };
  await log.append(createEvent("InviteWithdrawn", data, { source: EVENT_SOURCE, at: clock() }));
  return { inviteId, status: REQUESTED };
}

/** The same for a batch. Throws `ProblemError` `batch-not-found`. */
export async function withdrawBatch(
  { batches, log, clock }: WithdrawDeps,
  { waitlistId, batchId }: { waitlistId: string; batchId: string },
  said: Withdrawing,
): Promise<BatchWithdrawalAccepted> {
  const batch = await batches.find(waitlistId, batchId);
  if (!batch) throw new ProblemError("batch-not-found");
  if (batch.status === "withdrawn") return { batchId, status: batch.status };
  const data = { waitlistId, batchId, ...said };
  await log.append(createEvent("InviteBatchWithdrawn", data, { source: EVENT_SOURCE, at: clock() }));
  return { batchId, status: REQUESTED };
}
