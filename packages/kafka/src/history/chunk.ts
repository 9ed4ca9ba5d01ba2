import type { KafkaMessage } from "kafkajs";
import { textHeaders } from "../headers.ts";
import { readRedriven } from "../redriven.ts";
import type { Decoded, HistoryRecord } from "./types.ts";

/** A record, or a part of one, that nothing can be done with. */
export interface DeadLetter {
  message: KafkaMessage;
  cause: string;
}

/** The longest run of records that can be taken in one go. */
export interface Chunk<E> {
  first: number;
  next: number;
  records: HistoryRecord<E>[];
  dead: DeadLetter[];
  /** The last record of the run; none where the run is empty. */
  last?: KafkaMessage;
  /** Why the run ends before the messages do. */
  halt?: { kind: "unsupported"; cause: string } | { kind: "gap"; found: number };
}

/**
 * Takes the run that begins with the offset `next` and nothing else: what lies before it was taken already, and a
 * hole ends it. `messages` are in the order of their offsets.
 */
export function cutChunk<E>(
  messages: KafkaMessage[],
  from: { partition: number; next: number },
  maxRecords: number,
  decode: (value: Buffer | null) => Decoded<E>,
): Chunk<E> {
  const chunk: Chunk<E> = { first: from.next, next: from.next, records: [], dead: [] };
  for (const message of messages) {
    const offset = Number(message.offset);
    if (offset < chunk.next) continue;
    if (offset > chunk.next) {
      chunk.halt = { kind: "gap", found: offset };
      break;
    }
    if (chunk.next - chunk.first >= maxRecords) break;
    const decoded = decode(message.value);
    if (decoded.kind === "unsupported") {
      chunk.halt = { kind: "unsupported", cause: decoded.cause };
      break;
    }
    take(chunk, message, decoded, from.partition);
  }
  return chunk;
}

function take<E>(
  chunk: Chunk<E>,
  message: KafkaMessage,
  decoded: Exclude<Decoded<E>, { kind: "unsupported" }>,
  partition: number,
): void {
  if (decoded.kind === "poison") {
    chunk.dead.push({ message, cause: decoded.cause });
  } else {
    const { event, unreadable } = decoded;
    if (unreadable !== undefined) chunk.dead.push({ message, cause: unreadable });
    const headers = textHeaders(message.headers);
    const redriven = readRedriven(headers, { partition, offset: chunk.next });
    chunk.records.push({
      partition,
      offset: chunk.next,
      timestamp: Number(message.timestamp),
      event,
      headers,
      ...(redriven ? { redriven } : {}),
      ...(unreadable === undefined ? {} : { unreadable }),
    });
  }
  chunk.next += 1;
  chunk.last = message;
}
