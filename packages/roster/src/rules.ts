// The guards that make places exact, one function each: `test/guards.test.ts` leaves out one after the other.
import {
  type Closing,
  invitesOf,
  type Place,
  type PlaceInvite,
  REMEMBERED_REPEATS,
  type RosterEntry,
} from "./entry.ts";

type Entry = RosterEntry<unknown>;

/** Closings of unknown invites that a place remembers. They come from our own services, so there are hardly any. */
const REMEMBERED_CLOSINGS = 16;

export const rules = {
  /** A join whose own place is there was written by an earlier attempt: it keeps its number. */
  ownPlace: (entry: Entry, offset: number): Place | undefined =>
    entry.places.find(({ joinOffset }) => joinOffset === offset),

  /** The number after a place that is there already, where `next` was about to be given. */
  nextAfter: (_next: number, position: number): number => position + 1,

  /**
   * What the document has seen it has judged: a replay changes nothing of it. So whatever is judged comes after all
   * that the document knows, and its latest state is the state at that offset.
   */
  isSettled: (entry: Entry, offset: number): boolean => offset <= entry.lastOffset,

  /** The place that a redriven join had where it stood before. It gets no other one. */
  redrivenPlace: (entry: Entry, redriven: { from: number } | undefined): Place | undefined =>
    redriven && entry.places.find(({ joinOffset }) => joinOffset === redriven.from),

  /** Whoever has left or was erased is not brought back, and what is known is not said twice. */
  isFillable: (place: Place, unreadable: string | undefined): boolean =>
    unreadable === undefined && place.endOffset === undefined && place.filledOffset === undefined,

  /** The record of a place, delivered again (a producer's retry) after that place has ended. */
  isPlacesEvent: (entry: Entry, eventId: string): boolean =>
    entry.places.some((place) => place.eventId === eventId),

  /** The record of a repeat, delivered again after the place that it repeated has ended. */
  isRepeatsEvent: (entry: Entry, eventId: string): boolean => entry.repeatIds.includes(eventId),

  /** Repeats are remembered, as many as fit. */
  remember: (repeatIds: string[], eventId: string): string[] =>
    [...repeatIds, eventId].slice(-REMEMBERED_REPEATS),

  /** Whether somebody has a place: no second one is given then, and facts are about an open one. */
  isOpen: (place: Place): boolean => place.endOffset === undefined,

  /** An invite that the place has or had: its allocation again gives nothing, its closing again closes nothing. */
  isKnownInvite: (place: Place, inviteId: string): boolean =>
    invitesOf(place).some((invite) => invite.inviteId === inviteId),

  /** What is closed stays as it was closed. */
  isClosed: (invite: PlaceInvite): boolean => invite.closed !== undefined,

  /** Of two closings of one invite the one that stands first on the log counts. */
  firstClosing: <C extends Closing>(one: C | undefined, other: C | undefined): C | undefined => {
    if (!one || !other) return one ?? other;
    return one.offset < other.offset ? one : other;
  },

  /** A closing that stands on the log before its invite's allocation is remembered until then. */
  rememberClosing: <C>(closings: C[], closing: C): C[] => [...closings, closing].slice(-REMEMBERED_CLOSINGS),

  /** A fact touches the place that it names and no other. */
  placeNamed: (entry: Entry, joinOffset: number): Place | undefined =>
    entry.places.find((place) => place.joinOffset === joinOffset),
};

export type Rules = typeof rules;
