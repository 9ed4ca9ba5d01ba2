// What is written down on paper while a list's history is read, from its first record to its last, once.
import type { WaitlistEvent } from "@waitlist/contracts";

/** One record of the log. Where it is `unreadable`, its frozen fields alone may be looked at. */
export interface LogRecord {
  offset: number;
  /** The broker's time of the record, in milliseconds. */
  timestamp: number;
  event: WaitlistEvent;
  unreadable: boolean;
}

/** How an invite ended, other than with its place: by the first closing on the log. */
export interface Closing {
  how: "redeemed" | "expired" | "withdrawn";
  /** Of the record that closed it. */
  offset: number;
  /** Of the record from which on this can be known: later than `offset` where the invite wasn't known by then. */
  seen: number;
  /** The place waits for another invite. */
  requeued: boolean;
}

export interface PaperInvite {
  inviteId: string;
  batchId: string;
  offset: number;
  outOfOrder: boolean;
  closed?: Closing;
}

/** The invites that a place has had, the newest last. */
export interface Invites {
  given: PaperInvite[];
  /** First closings of invites that aren't known yet, by inviteId. */
  early?: Map<string, Closing>;
}

export interface PaperPlace {
  entryId: string;
  joinOffset: number;
  eventId: string;
  position: number;
  /** Where it stands among its list's places. */
  index: number;
  needsConfirmation: boolean;
  confirmedOffset?: number;
  endOffset?: number;
  /** As requests decide them: each at its request's offset. The invite service's view. */
  decided: Invites;
  /** As the log tells them: each at the offset of its `InviteAllocated`. The other services' view. */
  told: Invites;
}

export interface PaperEntry {
  places: PaperPlace[];
  /** Event ids of joins that found a place open. */
  repeatIds: string[];
}

export interface Chosen {
  entryId: string;
  joinOffset: number;
  position: number;
  inviteId: string;
}

export interface PaperBatch {
  batchId: string;
  waitlistId: string;
  offset: number;
  count: number;
  isNamed: boolean;
  /** Milliseconds since 1970. */
  expiresAt: number;
  /** In order of position, by inviteId. */
  chosen: Map<string, Chosen>;
  /** How many could have been taken; undefined for one from before the log's beginning. */
  eligible?: number;
  /** Its invites that the log hasn't told yet. */
  untold: Set<string>;
  /** Offset of its withdrawal. */
  withdrawn?: number;
  /** Invites that its withdrawal closed, and of which the log hasn't told so yet. */
  untoldWithdrawals: Set<string>;
  /** Offset of its completion. */
  completed?: number;
}

export interface Rules {
  /** Of the definition that these stand in. */
  offset: number;
  lifetimeHours: number;
  reclaim: boolean;
}

export interface PaperSchedule {
  /** Of the `InviteScheduleSet` in force. */
  offset: number;
  isActive: boolean;
  total: number | null;
}

/** What a schedule has run so far, over all its versions. */
export interface ScheduleRuns {
  asked: number;
  lastSlot: number;
}

export interface PaperList {
  waitlistId: string;
  entries: Map<string, PaperEntry>;
  /** In order of position. */
  places: PaperPlace[];
  /** No place before this one may be invited. */
  firstToLookAt: number;
  rules: Rules | null;
  /** Event ids of definitions and of schedules' settings: one that comes again sets nothing back. */
  settings: Set<string>;
  /** First withdrawal of each batch, by its id. */
  withdrawn: Map<string, number>;
  schedules: Map<string, PaperSchedule>;
  runs: Map<string, ScheduleRuns>;
  batches: PaperBatch[];
}

export const newList = (waitlistId: string): PaperList => ({
  ...{ waitlistId, places: [], batches: [], firstToLookAt: 0, rules: null, settings: new Set() },
  ...{ entries: new Map(), withdrawn: new Map(), schedules: new Map(), runs: new Map() },
});

export const isOpen = ({ endOffset }: PaperPlace): boolean => endOffset === undefined;

/** Whether nothing was given, or the last invite expired and put the place back. */
export function isWithoutInvite({ given }: Invites): boolean {
  const last = given.at(-1);
  return !last || last.closed?.requeued === true;
}

export const placeOf = (list: PaperList, entryId: string, joinOffset: number): PaperPlace | undefined =>
  list.entries.get(entryId)?.places.find((place) => place.joinOffset === joinOffset);

/** Whether an invite of this id was given to the place. */
export const holds = ({ given }: Invites, inviteId: string): boolean =>
  given.some((each) => each.inviteId === inviteId);

/** A place that may be eligible again, whatever was looked at before. */
export function lookAgain(list: PaperList, index: number): void {
  list.firstToLookAt = Math.min(list.firstToLookAt, index);
}
