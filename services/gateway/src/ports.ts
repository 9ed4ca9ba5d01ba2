// What the gateway needs of the world; adapters fulfil it, tests and benchmarks inject their own.
import {
  type AppliedAnnouncement,
  type BatchesPage,
  type BatchesQuery,
  type BatchPreview,
  type BatchPreviewRequest,
  type DeliveryReportResult,
  type EntriesPage,
  type EntriesQuery,
  type ExplainedEntry,
  type HeldPlace,
  type InviteBatch,
  type InviteState,
  type LagView,
  type MailCounts,
  type MailKind,
  type MailsPage,
  type MailsQuery,
  type MailView,
  type People,
  ProblemError,
  type StoredEntry,
  type StoredPlaces,
  type StoredPosition,
  type StoredSchedule,
  type StoredWaitlist,
  type TestMailOrder,
  type TestMailOutcome,
  type WaitlistEvent,
} from "@waitlist/contracts";
import type { Decision, Letter } from "./domain/dead-letters.ts";

/** Milliseconds since 1970. */
export type Clock = () => number;

/**
 * The log. `append` resolves when the record is durable; throws `ProblemError` `unavailable` when it may not be, and
 * `LogReplaced` where it is on another log than the services have read.
 */
export interface EventLog {
  append(event: WaitlistEvent): Promise<LogPosition>;
}

export interface LogPosition {
  partition: number;
  offset: number;
}

/**
 * Storage's data was begun with another `ENTRY_ID_SECRET` or `EVENT_PARTITIONS` than ours: people would get other ids,
 * and lists other histories. Nothing that was known before is to be used either.
 */
export class InstallationMismatch extends ProblemError {
  constructor() {
    super("unavailable", "This installation is not configured consistently.");
    this.name = "InstallationMismatch";
  }
}

/**
 * The log was longer before: its topic was made anew, or is an older copy. What was accepted on it since would not be on
 * the one that the services have read, so nothing is.
 */
export class LogReplaced extends ProblemError {
  constructor() {
    super(
      "unavailable",
      "The log is not the one that this installation was begun with: nothing is accepted.",
    );
    this.name = "LogReplaced";
  }
}

/** A person on a list. */
export interface Who {
  waitlistId: string;
  entryId: string;
}

/**
 * The storage service. Every method throws `ProblemError` `unavailable` when it doesn't answer, `InstallationMismatch` when
 * its data isn't ours.
 */
export interface Storage {
  /** Resolves if storage's data fits our secret and partitions. */
  ensureInstallation(): Promise<void>;
  /** The list as it is now, or with the definition that was in force at an offset; null where there is none. */
  waitlist(waitlistId: string, at?: number): Promise<StoredWaitlist | null>;
  /** The list as an event defined it, in force or not; null where it defined none, or isn't stored yet. */
  defined(waitlistId: string, eventId: string): Promise<StoredWaitlist | null>;
  entry(entryId: string): Promise<StoredEntry | null>;
  /** Every place that somebody has had, tombstones too; found by id alone. */
  places(who: Who): Promise<StoredPlaces>;
  /** One place, with the person where it is their newest; found by id alone. */
  held(place: Who & { joinOffset: number }): Promise<HeldPlace>;
  /** How far storage has come with a list's history. */
  position(waitlistId: string): Promise<StoredPosition>;
  entries(waitlistId: string, query: EntriesQuery): Promise<EntriesPage | null>;
  /** An entry with its history; null where nobody is known by that id, or any more. */
  explained(who: Who): Promise<ExplainedEntry | null>;
  /** The addresses and names of those who are known, in no order; at most a thousand at a time. */
  people(waitlistId: string, entryIds: string[]): Promise<People>;
}

/** The lists as the gateway judges by them: a little old, but there while storage is away. */
export interface Definitions {
  /** Null where there is no such list. Throws `ProblemError` `unavailable` for a list that isn't known. */
  get(waitlistId: string): Promise<StoredWaitlist | null>;
  /** What is known of it without asking anybody, of whatever age. */
  peek(waitlistId: string): StoredWaitlist | null;
  /** What was just read from storage. */
  put(stored: StoredWaitlist): void;
  /** A list may have changed just now: the next `get` reads it, if storage can be asked. */
  forget(waitlistId: string): void;
}

/** The invite service. Throws `ProblemError` `unavailable`. */
export interface InviteBatches {
  /** With a page of the batch's entries where one is asked for. */
  find(
    waitlistId: string,
    batchId: string,
    entries?: { after: number; limit: number },
  ): Promise<InviteBatch | null>;
  list(waitlistId: string, query: BatchesQuery): Promise<BatchesPage>;
  /** Who would be invited now. */
  preview(waitlistId: string, asked: BatchPreviewRequest): Promise<BatchPreview>;
}

/** The schedules that the invite service keeps. Throws `ProblemError` `unavailable`. */
export interface InviteSchedules {
  find(waitlistId: string, scheduleId: string): Promise<StoredSchedule | null>;
  /** A list's, by their ids. */
  list(waitlistId: string): Promise<StoredSchedule[]>;
}

/** Invites that are out, as the invite service has them. Throws `ProblemError` `unavailable`. */
export interface Invites {
  /**
   * The invite of a code as people type it, or null. With `waitMs` (2000 at most): as soon as it is closed, or as it is
   * after that time.
   */
  find(code: string, waitMs?: number): Promise<InviteState | null>;
}

/** The email service's reading of delivery reports. Throws `ProblemError` `unavailable`. */
export interface DeliveryReports {
  /** Takes any message; what is no report is answered, too. `reportedBy` is the name of the admin key. */
  receive(message: Uint8Array, reportedBy: string): Promise<DeliveryReportResult>;
}

/** How far the services are behind the log, as Kafka has it. Throws `ProblemError` `unavailable`. */
export interface LagReads {
  /** Shared by all who ask within a second. */
  read(): Promise<LagView>;
}

/** What the services set aside. Throws `ProblemError` `unavailable`. */
export interface DeadLetters {
  /** All that the log's retention has left, with all decisions up to now. */
  all(): Promise<Letter[]>;
  /** Puts a readable letter's record on the log again, as it was, with where it stood and who asked. */
  putBack(letter: Letter, by: string): Promise<LogPosition>;
  /** Keeps the same decision about each. */
  decide(letters: Letter[], decision: Decision): Promise<void>;
}

/** The email service's ledger. Throws `ProblemError` `unavailable`. */
export interface Mails {
  /** One mail of the list, or null. */
  find(waitlistId: string, mailId: string): Promise<MailView | null>;
  list(waitlistId: string, query: MailsQuery): Promise<MailsPage>;
  counts(waitlistId: string): Promise<MailCounts>;
}

/** The email service's tests of mails. Throws `ProblemError` `unavailable`. */
export interface TestMails {
  /** Resolves when the mail server has answered, or can't any more. */
  send(waitlistId: string, kind: MailKind, order: TestMailOrder): Promise<TestMailOutcome>;
}

/** What the Redis read model says of an entry, and up to which offset of its partition it holds. */
export interface ReadModelAnswer {
  entry: StoredEntry | null;
  next: number;
}

/** Null where the model can't be believed; rejects where it is out of reach. */
export interface ReadModel {
  read(waitlistId: string, entryId: string): Promise<ReadModelAnswer | null>;
}

/** Hears what storage has stored. */
export interface AnnouncementHearer {
  announced(announcement: AppliedAnnouncement): void;
  /** Announcements are heard from now on; some may have been missed. */
  resumed(): void;
}

export interface Announcements {
  /** From now on, for as long as the process runs. */
  tell(hearer: AnnouncementHearer): void;
}

/** What is kept under an `Idempotency-Key`. `request` is a keyed hash of the request. */
export interface KeptRequest {
  request: string;
  /** Absent while the first request is being answered. */
  result?: unknown;
}

/** Rejects where it is out of reach. */
export interface IdempotencyStore {
  /** Null when the key was free and is now ours; otherwise what is kept under it. */
  claim(key: string, request: string): Promise<KeptRequest | null>;
  keep(key: string, kept: Required<KeptRequest>): Promise<void>;
  /** Frees a key that is claimed for this request and has no result. */
  release(key: string, request: string): Promise<void>;
}
