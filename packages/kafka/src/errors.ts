// What can go wrong, by name. Messages name topics, partitions and offsets, never keys or values.

/** What is known of a record that was not acknowledged: surely not on the log, or perhaps on it. */
export type Outcome = "not-written" | "unknown";

/** An append that was not acknowledged. */
export class AppendError extends Error {
  override name = "AppendError";
  readonly outcome: Outcome;
  constructor(message: string, outcome: Outcome, options?: ErrorOptions) {
    super(message, options);
    this.outcome = outcome;
  }
}

/** As many records are waiting as the appender takes: try again later. */
export class QueueFull extends AppendError {
  override name = "QueueFull";
  constructor(limit: number) {
    super(`${limit} records are waiting to be written already`, "not-written");
  }
}

/** The record's deadline passed: in the queue (`not-written`), or after it was handed to a broker (`unknown`). */
export class DeadlineExceeded extends AppendError {
  override name = "DeadlineExceeded";
  constructor(deadlineMs: number, outcome: Outcome) {
    super(`no acknowledgement within ${deadlineMs} ms`, outcome);
  }
}

/** The record is larger than a batch may be, or than the broker takes. */
export class RecordTooLarge extends AppendError {
  override name = "RecordTooLarge";
}

/** The broker takes no such record, however often it is tried (no permission, no valid topic). */
export class AppendRefused extends AppendError {
  override name = "AppendRefused";
}

/** The appender is closing. */
export class AppenderClosed extends AppendError {
  override name = "AppenderClosed";
  constructor() {
    super("the appender is closed", "not-written");
  }
}

/** Where it is written what to do; the page begins with the command to type. */
export const runbook = (name: string): string => `Runbook: docs/runbooks/${name}.md`;

/** A topic has fewer partitions than are written to: partitions are never added by us. */
export class TopicTooSmall extends Error {
  override name = "TopicTooSmall";
  constructor(message: string) {
    super(`${message}. ${runbook("recreated-topic")}`);
  }
}

/** A topic whose records were read before isn't there any more: made anew, it would be another history. */
export class TopicGone extends Error {
  override name = "TopicGone";
  constructor(topic: string) {
    super(
      `topic ${topic} is not there, and its records were read before: it is not made anew. ${runbook("recreated-topic")}`,
    );
  }
}

/** The log and a service's cursor don't fit together: going on would skip or repeat history, so nothing goes on. */
export class HistoryError extends Error {
  override name = "HistoryError";
  readonly partition: number;
  constructor(message: string, partition: number, page: string) {
    super(`${message}. ${runbook(page)}`);
    this.partition = partition;
  }
}

/** The log's beginning was removed (by retention) before this service read it. */
export class CursorBeforeLogStart extends HistoryError {
  override name = "CursorBeforeLogStart";
  constructor(message: string, partition: number) {
    super(message, partition, "trimmed-log");
  }
}

/** The service has read further than the log goes: the log was lost, or is an older copy. */
export class CursorBeyondLogEnd extends HistoryError {
  override name = "CursorBeyondLogEnd";
  constructor(message: string, partition: number) {
    super(message, partition, "recreated-topic");
  }
}

/** The last record that the service read is another one on this log: it is not the log that was read. */
export class CursorRecordMismatch extends HistoryError {
  override name = "CursorRecordMismatch";
  constructor(message: string, partition: number) {
    super(message, partition, "recreated-topic");
  }
}

/** What is stored as a cursor is none: no service of ours has written that. */
export class ImpossibleCursor extends HistoryError {
  override name = "ImpossibleCursor";
  constructor(message: string, partition: number) {
    super(message, partition, "impossible-cursor");
  }
}

/** Offsets are missing from the log between the cursor and the next record that the broker has. */
export class HistoryGap extends HistoryError {
  override name = "HistoryGap";
  constructor(message: string, partition: number) {
    super(message, partition, "trimmed-log");
  }
}
