// Batches as admins see them.
import type { InviteBatch } from "@waitlist/contracts";
import type { Batch } from "./batch.ts";
import type { ChosenPlace } from "./choosing.ts";

const isoTime = (ms: number) => new Date(ms).toISOString();

function statusOf({ withdrawn, completed, decision }: Batch): InviteBatch["status"] {
  if (withdrawn) return "withdrawn";
  if (completed) return "completed";
  return decision ? "running" : "requested";
}

/** Known once the batch is decided; before, nothing is short yet. */
function shortfallOf({ count, decision, isOnLog, progress }: Batch): number {
  if (isOnLog) return count - progress.allocated;
  return decision ? count - decision.taken : 0;
}

/** `entries` are left out where nobody asked for them. */
export function toInviteBatch(batch: Batch, entries?: ChosenPlace[]): InviteBatch {
  const { batchId, waitlistId, count, note, requestedAt, requestedBy, progress, completed } = batch;
  return {
    batchId,
    waitlistId,
    status: statusOf(batch),
    count,
    allocated: progress.allocated,
    shortfall: shortfallOf(batch),
    ...(note === undefined ? {} : { note }),
    ...(batch.named ? { reason: batch.named.reason, outOfOrder: true as const } : {}),
    ...(batch.scheduleId === undefined ? {} : { scheduleId: batch.scheduleId }),
    ...(batch.reclaims ? { reclaims: batch.reclaims.inviteId } : {}),
    ...(batch.withdrawn ? withdrawnView(batch.withdrawn) : {}),
    requestedAt: isoTime(requestedAt),
    requestedBy,
    ...(completed ? { completedAt: isoTime(completed.at) } : {}),
    ...(entries ? { entries: entries.map(toItem) } : {}),
  };
}

const toItem = ({ entryId, position, inviteId }: ChosenPlace) => ({ entryId, position, inviteId });

const withdrawnView = ({ at, by, reason }: NonNullable<Batch["withdrawn"]>) => ({
  withdrawnAt: isoTime(at),
  withdrawnBy: by,
  ...(reason === undefined ? {} : { withdrawalReason: reason }),
});
