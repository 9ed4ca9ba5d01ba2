// What the log says of one person on one list: the places they had, and the one they have.
import type { EntryStatus, EventType, WaitlistEvent } from "@waitlist/contracts";

/** One record of a list's history, decoded. */
export interface RosterRecord {
  offset: number;
  /** The broker's time of the record, in milliseconds. */
  timestamp: number;
  event: WaitlistEvent;
  /** The record's headers. They carry its trace, and decide nothing. */
  headers?: Readonly<Record<string, string>>;
  /** Set where only the frozen fields could be read: the others must not be looked at. */
  unreadable?: string;
  /** It was set aside before: where it stood then, and the name of the key of who put it back on the log. */
  redriven?: { from: number; by: string };
}

/** The events that are about one entry. */
export type EntryEventType = Extract<
  EventType,
  | "WaitlistJoined"
  | `Entry${string}`
  | "InviteAllocated"
  | "InviteRedeemed"
  | "InviteExpired"
  | "InviteWithdrawn"
>;
export type EntryRecord = RosterRecord & { event: { type: EntryEventType } };

export const isAboutAnEntry = (record: RosterRecord): record is EntryRecord => "entryId" in record.event.data;

/** The invite that a place got. */
export interface PlaceInvite {
  inviteId: string;
  batchId: string;
  /** Offset of the record that gave it: the allocation, or in the invite service the batch's request. */
  offset: number;
  at: number;
  /** It was given by name, out of order by intent. */
  outOfOrder?: true;
  closed?: Closing;
}

/** How an invite ended, other than with its place. The first closing on the log counts. */
export interface Closing {
  how: "redeemed" | "expired" | "withdrawn";
  /** Of the record that closed it: for a batch that was withdrawn as a whole, that of the withdrawal. */
  offset: number;
  /** The broker's time of that record, in milliseconds. */
  at: number;
  /** Of the record that showed it here: a replay of that one tells the same again. */
  seenOffset: number;
  /** Which attempt redeemed it. */
  attempt?: string;
  /** The place waits for another invite. */
  requeued?: true;
}

/** From a join to a departure: the number that the join got, and what happened to it since. */
export interface Place {
  joinOffset: number;
  eventId: string;
  position: number;
  joinedAt: number;
  needsConfirmation: boolean;
  confirmedOffset?: number;
  confirmedAt?: number;
  endOffset?: number;
  /** Of the record that said first that its address takes no mail. It decides nothing but what is mailed. */
  undeliverableOffset?: number;
  invite?: PlaceInvite;
  /** Invites that expired and put the place back into the queue, before the one that it has now. */
  formerInvites?: PlaceInvite[];
  /** Its join stood at this offset before, where it could not be read: so the place is one at the end. */
  redrivenFrom?: number;
  /** Of the record by which the rest of its join became readable. */
  filledOffset?: number;
  /** Closings of invites that aren't known yet: their allocation stands later on the log. */
  closings?: (Closing & { inviteId: string })[];
}

/**
 * A person on a list. `D` is what one service keeps beside the places; a tombstone keeps of it what is not
 * personal (most often nothing: null), and the places' numbers and event ids, so that a replay neither brings the person
 * back nor leaves a gap.
 */
export interface RosterEntry<D> {
  entryId: string;
  waitlistId: string;
  places: Place[];
  /** Event ids of joins that found a place open, the newest `REMEMBERED_REPEATS` of them. */
  repeatIds: string[];
  /** Offset of the last record that changed this entry: no write may go back behind it. */
  lastOffset: number;
  details: D | null;
}

/** How many repeats an entry remembers. More would let one address fill its document. */
export const REMEMBERED_REPEATS = 32;

/** The place that counts now: the newest. Every entry has one. */
export function currentPlace(entry: Pick<RosterEntry<unknown>, "places">): Place {
  const place = entry.places.at(-1);
  if (!place) throw new Error("an entry without a place");
  return place;
}

/** Every invite that the place has had, the newest last. */
export const invitesOf = ({ invite, formerInvites = [] }: Place): PlaceInvite[] =>
  invite ? [...formerInvites, invite] : formerInvites;

/** Whether a place may get an invite: it has none, or the one that it had put it back into the queue. */
export const isWithoutInvite = ({ invite }: Place): boolean => !invite || invite.closed?.requeued === true;

/** A place's status as the API names it. */
export function statusOf(place: Place): EntryStatus {
  if (place.endOffset !== undefined) return "left";
  if (!isWithoutInvite(place)) return place.invite?.closed?.how ?? "invited";
  return place.needsConfirmation && place.confirmedOffset === undefined ? "pending" : "waiting";
}
