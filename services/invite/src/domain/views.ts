// Batches as admins see them.
import type { InviteBatch } from "@waitlist/contracts";
import type { Batch } from "./batch.ts";
import type { ChosenPlace } from "./choosing.ts";

const isoTime = (ms: number) => new Date(ms).toISOString();

function statusOf({ completed, decision }: Batch): InviteBatch["status"] {
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
    requestedAt: isoTime(requestedAt),
    requestedBy,
    ...(completed ? { completedAt: isoTime(completed.at) } : {}),
    ...(entries ? { entries: entries.map(toItem) } : {}),
  };
}

const toItem = ({ entryId, position, inviteId }: ChosenPlace) => ({ entryId, position, inviteId });
