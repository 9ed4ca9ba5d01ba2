// Batches: the first places in order that were eligible when the request came, and nobody else.
import { inviteIdOf } from "@waitlist/contracts";
import { earlyClosing } from "./closings.ts";
import {
  type Chosen,
  isOpen,
  isWithoutInvite,
  lookAgain,
  type PaperBatch,
  type PaperList,
  type PaperPlace,
} from "./model.ts";

const HOUR_MS = 60 * 60 * 1000;

/** What decides a batch. */
export interface Request {
  batchId: string;
  offset: number;
  /** Of the request's record, in milliseconds: invites live from then on. */
  timestamp: number;
  count: number;
  /** Invited by name, whatever the order. */
  entryIds?: readonly string[];
  /** A freed place goes to nobody who has had an invite on this place. */
  isReclaim?: boolean;
}

/** Waiting, and confirmed where the join asked for it. */
const isEligible = (place: PaperPlace): boolean =>
  isOpen(place) &&
  isWithoutInvite(place.decided) &&
  (!place.needsConfirmation || place.confirmedOffset !== undefined);

/** The batch that a request makes of the list as it is now; marks its places. */
export function makeBatch(list: PaperList, request: Request, secret: string): PaperBatch {
  const { batchId, offset, timestamp, count, entryIds, isReclaim } = request;
  const withdrawn = list.withdrawn.get(batchId);
  const isCarriedOut = list.rules !== null && withdrawn === undefined;
  const eligible = isCarriedOut ? countEligible(list, request) : 0;
  const places = isCarriedOut ? choose(list, request) : [];
  const chosen = new Map(places.map((place) => give(list, place, request, secret)));
  const batch: PaperBatch = {
    ...{ batchId, waitlistId: list.waitlistId, offset, count, chosen },
    isNamed: entryIds !== undefined,
    ...(isReclaim ? {} : { eligible: entryIds ? places.length : eligible }),
    expiresAt: timestamp + (list.rules?.lifetimeHours ?? 0) * HOUR_MS,
    untold: new Set(chosen.keys()),
    untoldWithdrawals: new Set(),
    ...(withdrawn === undefined ? {} : { withdrawn }),
  };
  list.batches.push(batch);
  return batch;
}

/** Marks a place with its invite. */
function give(
  list: PaperList,
  { entryId, joinOffset, position, decided, index }: PaperPlace,
  { batchId, offset, entryIds }: Request,
  secret: string,
): [string, Chosen] {
  const inviteId = inviteIdOf(secret, batchId, entryId, joinOffset);
  const closed = earlyClosing(decided, inviteId, offset);
  const invite = { inviteId, batchId, offset, outOfOrder: entryIds !== undefined };
  decided.given.push({ ...invite, ...(closed ? { closed } : {}) });
  if (closed?.requeued) lookAgain(list, index);
  return [inviteId, { entryId, joinOffset, position, inviteId }];
}

function choose(list: PaperList, request: Request): PaperPlace[] {
  const { entryIds } = request;
  if (!entryIds) return chooseInOrder(list, request);
  return entryIds
    .flatMap((entryId) => list.entries.get(entryId)?.places.slice(-1) ?? [])
    .filter(isEligible)
    .sort((one, other) => one.position - other.position);
}

/** Of a batch in order: whoever is named is counted when chosen, and for a reclaim nobody counts. */
const countEligible = (list: PaperList, { entryIds, isReclaim }: Request): number =>
  entryIds || isReclaim ? 0 : list.places.filter((place) => isEligible(place)).length;

/** Looks at no place before the first that may be eligible: a long list is not read through for every batch. */
function chooseInOrder(list: PaperList, { count, isReclaim = false }: Request): PaperPlace[] {
  const chosen: PaperPlace[] = [];
  let index = list.firstToLookAt;
  let passedOver = list.places.length;
  for (; index < list.places.length && chosen.length < count; index += 1) {
    const place = list.places[index];
    if (!place || !isEligible(place)) continue;
    if (isReclaim && place.decided.given.length > 0) passedOver = Math.min(passedOver, index);
    else chosen.push(place);
  }
  list.firstToLookAt = Math.min(passedOver, index);
  return chosen;
}

/** Closes what is open of a batch, as of the offset at which it was withdrawn. */
export function withdrawBatch(
  list: PaperList,
  batch: PaperBatch | undefined,
  batchId: string,
  offset: number,
): void {
  if (list.withdrawn.has(batchId)) return;
  list.withdrawn.set(batchId, offset);
  if (!batch) return;
  batch.withdrawn = offset;
  for (const { entryId, joinOffset, inviteId } of batch.chosen.values()) {
    const place = list.entries.get(entryId)?.places.find((each) => each.joinOffset === joinOffset);
    const invite = place?.decided.given.find((each) => each.inviteId === inviteId);
    if (!place || !isOpen(place) || !invite || invite.closed) continue;
    invite.closed = { how: "withdrawn", offset, seen: offset, requeued: false };
    batch.untoldWithdrawals.add(inviteId);
  }
}
