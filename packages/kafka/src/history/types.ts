// The ports of a history consumer: what a service gives it, and what it gives a service.
import type { Registry } from "@waitlist/runtime";
import type { Appender } from "../appender/index.ts";
import type { Redriven } from "../redriven.ts";
import type { BackoffLimits } from "../waiting.ts";

/** How far a service has taken a partition: kept in the service's own database. */
export interface Cursor {
  /** Offset of the next record to be taken. */
  next: number;
  /** Digest of the record at `next - 1`. */
  recordId: string | null;
}

export interface CursorStore {
  load(partition: number): Promise<Cursor | null>;
  /**
   * Compare-and-set: stores `to` only where the stored cursor's `next` is that of `from` (for null: where none is
   * stored). False: another owner of the partition moved it.
   */
  advance(partition: number, from: Cursor | null, to: Cursor): Promise<boolean>;
}

/**
 * What a record's value turned out to be. An `event` with `unreadable` (the cause) takes its place, and goes to the
 * dead letters, too. `poison` never becomes readable; `unsupported` waits for a newer build.
 */
export type Decoded<E> =
  | { kind: "event"; event: E; unreadable?: string }
  | { kind: "poison"; cause: string }
  | { kind: "unsupported"; cause: string };

export interface HistoryRecord<E> {
  partition: number;
  offset: number;
  /** The broker's time of appending, in milliseconds. */
  timestamp: number;
  event: E;
  unreadable?: string;
  headers: Record<string, string>;
  /** It was set aside before, and is here again. */
  redriven?: Redriven;
}

export interface HistoryBatch<E> {
  partition: number;
  /** Offsets from `first` up to, not including, `next` are decided by this batch. */
  first: number;
  next: number;
  /** Those of them that are events, in order; none where all are poison. */
  records: HistoryRecord<E>[];
  /** For long loops; throws when the partition is being taken away: let it through. */
  heartbeat(): Promise<void>;
  /** The partition is being, or has been, taken away: stop early, by throwing. */
  isStale(): boolean;
}

export interface HistoryHandler<E> {
  /**
   * The partition was taken over at this offset, at the start, after a rebalance or after a failure: forget what was
   * kept of it in memory, and read it again.
   */
  takeOver(partition: number, next: number): Promise<void>;
  /** Writes documents, then the read model. Repeats are usual, so idempotent. Throws on an outage. */
  apply(batch: HistoryBatch<E>): Promise<void>;
}

export interface HistoryOptions<E> {
  group: string;
  topic: string;
  decode(value: Buffer | null): Decoded<E>;
  /** A record's kind, of which there are few: what its traces call it. */
  nameOf?(event: E): string;
  /** Over how many partitions the history is spread; a record on any further one was written by somebody else. */
  partitions?: number;
  cursors: CursorStore;
  handler: HistoryHandler<E>;
  deadLetters: { appender: Pick<Appender, "appendAll">; topic: string };
  /** Called once, with a `HistoryError`, when the consumer has stopped because going on would skip history. */
  onFatal(error: Error): void;
  /** Records in a batch, at most. */
  maxRecords?: number;
  /** Partitions that are worked on at the same time. */
  concurrency?: number;
  /** A member that died is replaced after this, in milliseconds. */
  sessionTimeoutMs?: number;
  heartbeatIntervalMs?: number;
  /** How long a rebalance waits for members that are busy. */
  rebalanceTimeoutMs?: number;
  /** For how long one batch is kept alive with heartbeats; then the group may take the partition away. */
  patienceMs?: number;
  backoff?: BackoffLimits;
  registry?: Registry;
}

export interface PartitionState {
  partition: number;
  /** Offset of the next record; null until the cursor was read. */
  next: number | null;
  /** Where the log ended when last heard of. */
  end: number | null;
  /** Why nothing is taken at the moment; `since` in milliseconds. */
  paused?: { kind: PauseKind; cause: string; since: number };
}

/**
 * `taking-over`: reading the cursor; `outage`: something is away; `unsupported`: a newer build is needed; `foreign`: the
 * partition is none of ours, and has records all the same.
 */
export type PauseKind = "taking-over" | "outage" | "unsupported" | "foreign";

export interface HistoryConsumer {
  /** Begins to join the group, and goes on trying until it is stopped. */
  start(): void;
  /** Finishes the batches in hand, leaves the group and disconnects. */
  stop(): Promise<void>;
  /** Whether the broker has answered lately: within the time of a session and of a rebalance. */
  isHeard(): boolean;
  /** The partitions that this member has. */
  state(): PartitionState[];
}
