// Batches and invites as others see them.
import type { InviteBatch, InviteState } from "@waitlist/contracts";
import type { PlaceInvite, Withdrawal } from "@waitlist/roster";
import type { Batch, Decision } from "./batch.ts";
import type { ChosenPlace, CodedInvite, QueueEntry } from "./choosing.ts";
import { inviteOf } from "./marking.ts";

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

/** A page of a batch's entries, and where the next one begins: null where there is none. */
export interface EntriesPage {
  places: ChosenPlace[];
  next: number | null;
}

/** `page` is left out where nobody asked for entries. */
export function toInviteBatch(batch: Batch, page?: EntriesPage): InviteBatch {
  const { batchId, waitlistId, offset, count, note, requestedAt, requestedBy, progress, completed } = batch;
  return {
    batchId,
    waitlistId,
    status: statusOf(batch),
    offset,
    count,
    ...(batch.decision ? decisionView(batch.decision) : {}),
    allocated: progress.allocated,
    shortfall: shortfallOf(batch),
    ...(note === undefined ? {} : { note }),
    ...(batch.named ? { reason: batch.named.reason, outOfOrder: true as const } : {}),
    ...(batch.run ? { scheduleId: batch.run.scheduleId } : {}),
    ...(batch.reclaims ? { reclaims: batch.reclaims } : {}),
    ...(batch.withdrawn ? withdrawnView(batch.withdrawn) : {}),
    requestedAt: isoTime(requestedAt),
    requestedBy,
    ...(completed ? { completedAt: isoTime(completed.at), completedOffset: completed.offset } : {}),
    ...(page ? { entries: page.places.map(toItem), entriesNext: page.next } : {}),
  };
}

const decisionView = ({ eligible, taken, expiresAt }: Decision) => ({
  ...(eligible === undefined ? {} : { eligible }),
  taken,
  ...(taken > 0 ? { expiresAt: isoTime(expiresAt) } : {}),
});

const toItem = ({ entryId, position, inviteId }: ChosenPlace) => ({ entryId, position, inviteId });

const withdrawnView = ({ at, by, reason }: Withdrawal) => ({
  withdrawnAt: isoTime(at),
  withdrawnBy: by,
  ...(reason === undefined ? {} : { withdrawalReason: reason }),
});

/** What became of an invite; null where its place doesn't hold it, which is a queue changed from outside. */
export function toInviteState(coded: CodedInvite, entry: QueueEntry | undefined): InviteState | null {
  const { waitlistId, entryId, joinOffset, inviteId, batchId, position, expiresAt } = coded;
  const invite = inviteOf(entry, coded);
  if (!invite) return null;
  const endOffset = entry?.places.find((place) => place.joinOffset === joinOffset)?.endOffset;
  return {
    ...{ waitlistId, entryId, joinOffset, inviteId, batchId, position },
    expiresAt: isoTime(expiresAt),
    ...closingOf(invite, endOffset),
  };
}

/** What closed an invite before its place ended stays what closed it. */
function closingOf(
  { closed }: PlaceInvite,
  endOffset: number | undefined,
): Pick<InviteState, "state" | "closedAt" | "closedOffset" | "attempt"> {
  if (!closed)
    return endOffset === undefined ? { state: "open" } : { state: "left", closedOffset: endOffset };
  const { how: state, at, offset: closedOffset, attempt } = closed;
  return { state, closedAt: isoTime(at), closedOffset, ...(attempt === undefined ? {} : { attempt }) };
}
