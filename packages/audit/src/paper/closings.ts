// How invites end: the first closing on the log counts, wherever its invite's allocation stands.
import type { EventOf } from "@waitlist/contracts";
import {
  type Closing,
  holds,
  type Invites,
  lookAgain,
  type PaperInvite,
  type PaperList,
  type PaperPlace,
} from "./model.ts";

export type ClosingEvent = EventOf<"InviteRedeemed"> | EventOf<"InviteExpired"> | EventOf<"InviteWithdrawn">;

const HOW = { InviteRedeemed: "redeemed", InviteExpired: "expired", InviteWithdrawn: "withdrawn" } as const;

/** The services promise to remember so many closings of unknown invites of one place, and no more. */
const REMEMBERED_CLOSINGS = 16;

/**
 * A closing of one invite, in one of the two views of its place. Returns the invite where this record closed it, and
 * not a withdrawal of its whole batch before.
 */
export function close(
  list: PaperList,
  place: PaperPlace,
  view: "decided" | "told",
  { event, offset }: { event: ClosingEvent; offset: number },
): PaperInvite | undefined {
  const { inviteId } = event.data;
  const requeued = event.type === "InviteExpired" && event.data.requeue === true;
  const own: Closing = { how: HOW[event.type], offset, seen: offset, requeued };
  const invites = place[view];
  const last = invites.given.at(-1);
  if (last?.inviteId !== inviteId) {
    if (!holds(invites, inviteId)) remember(invites, inviteId, own);
    return undefined;
  }
  if (last.closed) return undefined;
  last.closed = earlier(batchClosing(list, last.batchId, offset), own);
  if (requeued) lookAgain(list, place.index);
  return last.closed === own ? last : undefined;
}

function remember(invites: Invites, inviteId: string, closing: Closing): void {
  invites.early ??= new Map();
  if (invites.early.has(inviteId)) return;
  invites.early.set(inviteId, closing);
  const [oldest] = invites.early.keys();
  if (invites.early.size > REMEMBERED_CLOSINGS && oldest !== undefined) invites.early.delete(oldest);
}

/** What was remembered of an invite that becomes known at `seen`. */
export function earlyClosing({ early }: Invites, inviteId: string, seen: number): Closing | undefined {
  const found = early?.get(inviteId);
  return found && { ...found, seen };
}

/** The withdrawal of a whole batch, for whoever hears of one of its invites at `seen`. */
export function batchClosing(list: PaperList, batchId: string, seen: number): Closing | undefined {
  const offset = list.withdrawn.get(batchId);
  if (offset === undefined || offset >= seen) return undefined;
  return { how: "withdrawn", offset, seen, requeued: false };
}

export function earlier(one: Closing | undefined, other: Closing): Closing;
export function earlier(one: Closing | undefined, other: Closing | undefined): Closing | undefined;
export function earlier(one: Closing | undefined, other: Closing | undefined): Closing | undefined {
  if (!one || !other) return one ?? other;
  return one.offset < other.offset ? one : other;
}
