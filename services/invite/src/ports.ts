// What the invite service needs of the world. Every method throws where the outside can't be reached.
import type { WaitlistEvent } from "@waitlist/contracts";
import type { EntryStore, Withdrawal } from "@waitlist/roster";
import type { Batch, Decision, Progress } from "./domain/batch.ts";
import type { ChosenPlace, CodedInvite, QueueEntry } from "./domain/choosing.ts";
import type { Schedule, ScheduleName } from "./domain/schedule.ts";

/** The lists' entries, with nothing of the people in them. */
export interface Queue extends EntryStore<null> {
  /**
   * The first `limit` (1 or more) eligible entries of a list in order of position, in parts of `partSize` (the last is
   * less); with `neverInvited` only those that had no invite yet.
   */
  eligible(
    waitlistId: string,
    wanted: { limit: number; partSize: number; neverInvited: boolean },
  ): AsyncIterable<QueueEntry[]>;
  /** How many eligible entries the list has. */
  countEligible(waitlistId: string): Promise<number>;
}

export interface Batches {
  /** Stores the batch unless its id is known; returns what is stored. */
  register(batch: Batch): Promise<Batch>;
  /** Keeps parts of the chosen places, the first of them the `first`-th (from 0), unless they are there. */
  keepChosen(batchId: string, first: number, parts: ChosenPlace[][]): Promise<void>;
  /** The `part`-th part of the chosen places; only what a decision counts may be read. */
  chosen(batchId: string, part: number): Promise<ChosenPlace[]>;
  /** Stores the decision unless there is one; returns what is stored. */
  decide(batchId: string, decision: Decision): Promise<Decision>;
  /** Stores the progress unless it is further already. */
  advance(batchId: string, progress: Progress): Promise<void>;
  /** Every fact of the batch is on the log. */
  onLog(batchId: string): Promise<void>;
  /** The batch's completion stands on the log at this offset, since this time; the first one counts. */
  complete(waitlistId: string, batchId: string, completed: { offset: number; at: number }): Promise<void>;
  /** Every invite of the batch that was open is taken back; the first withdrawal counts. */
  withdraw(batchId: string, withdrawn: Withdrawal): Promise<void>;
  find(batchId: string): Promise<Batch | null>;
  /** A list's batches, the newest first: at most `limit` of those whose offset is less than `before`. */
  list(waitlistId: string, page: { before: number; limit: number }): Promise<Batch[]>;
}

/** Batches whose invites' time is over. */
export interface ExpiredBatches {
  /** Those that are on the log, expired by `now` (milliseconds) and not settled, the longest expired first. */
  due(now: number): AsyncIterable<Batch>;
  /** Nothing of the batch can expire any more. */
  settle(batchId: string): Promise<void>;
}

/** Schedules by their names. */
export interface Schedules {
  find(name: ScheduleName): Promise<Schedule | null>;
  /**
   * Stores what a schedule (or null, where there was none) has become, unless what is stored has seen its `lastOffset`
   * already: then another owner of the partition was here.
   */
  replace(former: Schedule | null, schedule: Schedule): Promise<void>;
  /** A list's schedules, by their ids. */
  list(waitlistId: string): Promise<Schedule[]>;
  /** The active ones of all lists. */
  active(): Promise<Schedule[]>;
}

/** Invites by their codes. */
export interface Codes {
  /** Keeps the invites that aren't there yet, by their codes. */
  keep(invites: (CodedInvite & { code: string })[]): Promise<void>;
  /** The invite of a code as people type it, or null. Takes as long for a wrong code as for a right one. */
  find(code: string): Promise<CodedInvite | null>;
}

/** The log. Resolves once every fact is on it for good, in this order. */
export interface Facts {
  append(partition: number, facts: WaitlistEvent[]): Promise<void>;
}

/** What may become a fact, if nothing else closes the invite first. */
export interface Proposals {
  /** Resolves once every fact is on the log for good, with the offset after the last of them. */
  propose(partition: number, facts: WaitlistEvent[]): Promise<number>;
}
