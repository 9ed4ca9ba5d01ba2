// Whether a service's cursor and the log are of the same history.
import type { KafkaMessage } from "kafkajs";
import type { AdminClient } from "../admin.ts";
import {
  CursorBeforeLogStart,
  CursorBeyondLogEnd,
  CursorRecordMismatch,
  ImpossibleCursor,
} from "../errors.ts";
import { recordId } from "./record-id.ts";
import type { Cursor } from "./types.ts";

export interface Where {
  group: string;
  topic: string;
  partition: number;
}

export interface LogBounds {
  /** Offset of the first record that the log still has. */
  start: number;
  /** Offset of the next record to be written. */
  end: number;
}

/**
 * Where a partition's log begins and ends. A leader that doesn't know yet how far the log is committed answers with
 * an error rather than with an end that is too low (KIP-207).
 */
export async function readLogBounds(
  admin: AdminClient,
  topic: string,
  partition: number,
): Promise<LogBounds> {
  const all = await admin.use((client) => client.fetchTopicOffsets(topic));
  const found = all.find((entry) => entry.partition === partition);
  if (!found) throw new Error(`topic ${topic} has no partition ${partition}`);
  return { start: Number(found.low), end: Number(found.high) };
}

/** Throws a `HistoryError` that explains where the cursor doesn't fit the log; returns where to begin otherwise. */
export function firstOffset(
  cursor: Cursor | null,
  { start, end }: LogBounds,
  { group, topic, partition }: Where,
): number {
  const log = `partition ${partition} of ${topic}`;
  if (cursor && !isCursor(cursor)) {
    throw new ImpossibleCursor(`what ${group} has stored as its cursor for ${log} is none`, partition);
  }
  if (!cursor) {
    if (start === 0) return 0;
    throw new CursorBeforeLogStart(
      `${group} has read nothing of ${log}, and its records before offset ${start} are gone: restore ${group}'s database from a backup first`,
      partition,
    );
  }
  if (cursor.next < start) {
    throw new CursorBeforeLogStart(
      `${group} continues at offset ${cursor.next} of ${log}, but its records before offset ${start} are gone: restore a newer backup of ${group}'s database`,
      partition,
    );
  }
  if (cursor.next > end) {
    throw new CursorBeyondLogEnd(
      `${group} continues at offset ${cursor.next} of ${log}, but that ends at offset ${end}: the log lost records, or is another one`,
      partition,
    );
  }
  return cursor.next;
}

const isCursor = ({ next, recordId: id }: Cursor): boolean =>
  Number.isSafeInteger(next) && next >= 0 && (id === null || typeof id === "string");

/**
 * Looks in a fetched batch for the record before the cursor. `same`: it is the one that was read, or the log no
 * longer has it. `unseen`: the batch ends before it. Throws `CursorRecordMismatch` for another one.
 */
export function lastRead(
  messages: KafkaMessage[],
  { next, recordId: expected }: Cursor,
  { group, topic, partition }: Where,
): "same" | "unseen" {
  const before = next - 1;
  const found = messages.find(({ offset }) => Number(offset) >= before);
  if (!found) return "unseen";
  if (Number(found.offset) > before || recordId(found) === expected) return "same";
  throw new CursorRecordMismatch(
    `${group} read another record at offset ${before} of partition ${partition} of ${topic} than the log has there: it is not the log that was read`,
    partition,
  );
}
