// What the log says of its own batches: each fact of the invite service is held against what the requests decide.
import { type DataOf, inviteCodeOf } from "@waitlist/contracts";
import type { Difference } from "../findings.ts";
import { batchClosing, earlier, earlyClosing } from "./closings.ts";
import {
  holds,
  isOpen,
  isWithoutInvite,
  type LogRecord,
  type PaperBatch,
  type PaperList,
  placeOf,
} from "./model.ts";

export type Report = (about: Omit<Difference, "where" | "waitlistId">) => void;

/** Gives the place the invite as the log tells it: readers of the log have nothing else to go by. */
export function tell(list: PaperList, { offset }: LogRecord, data: DataOf<"InviteAllocated">): void {
  const { entryId, joinOffset, inviteId, batchId, outOfOrder = false } = data;
  const place = placeOf(list, entryId, joinOffset);
  if (!place || !isOpen(place) || holds(place.told, inviteId) || !isWithoutInvite(place.told)) return;
  const closed = earlier(earlyClosing(place.told, inviteId, offset), batchClosing(list, batchId, offset));
  place.told.given.push({ inviteId, batchId, offset, outOfOrder, ...(closed ? { closed } : {}) });
}

/** An allocation must be one that a request before it decided, with everything in it made as it must be. */
export function checkAllocation(
  batch: PaperBatch | undefined,
  { offset, unreadable }: LogRecord,
  data: DataOf<"InviteAllocated">,
  { secret, report }: { secret: string; report: Report },
): void {
  const { entryId, inviteId } = data;
  const chosen = batch?.chosen.get(inviteId);
  if (!batch || !chosen) {
    report({ offset, entryId, what: `invite ${inviteId} of batch ${data.batchId} is due to nobody` });
    return;
  }
  batch.untold.delete(inviteId);
  const frozen = { entryId: chosen.entryId, joinOffset: chosen.joinOffset };
  const readable = {
    position: chosen.position,
    code: inviteCodeOf(secret, inviteId),
    expiresAt: new Date(batch.expiresAt).toISOString(),
    outOfOrder: batch.isNamed || undefined,
  };
  const expected: Partial<DataOf<"InviteAllocated">> & object = unreadable
    ? frozen
    : { ...frozen, ...readable };
  const wrong = Object.entries(expected)
    .filter(([name, value]) => data[name as keyof typeof data] !== value)
    .map(([name]) => name);
  if (wrong.length === 0) return;
  report({
    offset,
    entryId,
    what: `invite ${inviteId} of batch ${batch.batchId} has another ${wrong.join(" and ")}`,
  });
}

/** A completion comes after all that it completes, with the right numbers. */
export function checkCompletion(
  batch: PaperBatch | undefined,
  { offset, unreadable }: LogRecord,
  { batchId, allocated, shortfall }: DataOf<"InviteBatchCompleted">,
  report: Report,
): void {
  if (!batch) {
    report({ offset, what: `batch ${batchId} is completed, but nobody has asked for it` });
    return;
  }
  batch.completed ??= offset;
  if (batch.untold.size > 0) {
    report({
      offset,
      what: `batch ${batchId} is completed, but ${batch.untold.size} of its invites aren't on the log`,
    });
    batch.untold.clear();
  }
  const { size } = batch.chosen;
  if (unreadable || (allocated === size && shortfall === batch.count - size)) return;
  report({
    offset,
    what: `batch ${batchId} is completed with ${allocated} invites and a shortfall of ${shortfall}, and should be with ${size} and ${batch.count - size}`,
  });
}
