// The log as the audit reads it: from the beginning to where it ended when the audit began.
import type { LogRecord } from "../paper/model.ts";

export interface Range {
  partition: number;
  /** Offset of the first record that the log still has. */
  start: number;
  /** Offset of the first record that the audit leaves to the next one. */
  end: number;
}

/** What a partition held. */
export interface Read {
  records: number;
  /** Records that no service can read: they are set aside everywhere. */
  poison: number;
  /** Where reading ended early, at a record that this build doesn't know. */
  unsupportedAt?: number;
}

export interface Log {
  topic: string;
  /** Where each partition begins and ends now. */
  ranges(): Promise<Range[]>;
  /** Hands over a partition's records in order. Throws `CannotAudit` where they can't be read. */
  read(range: Range, take: (record: LogRecord) => void): Promise<Read>;
  close(): Promise<void>;
}
