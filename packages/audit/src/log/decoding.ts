import { decodeEvent } from "@waitlist/contracts";
import type { KafkaMessage } from "kafkajs";
import type { LogRecord } from "../paper/model.ts";
import type { Range, Read } from "./log.ts";

/** Takes one partition's messages as they come, in batches that may overlap; knows when it has them all. */
export interface PartitionReader {
  readonly partition: number;
  readonly read: Read;
  /** False where they begin beyond the next record: the reader has taken none of them. */
  take(messages: KafkaMessage[]): boolean;
  /** Offset of the next record that is wanted. */
  next(): number;
  isDone(): boolean;
}

export function createPartitionReader(
  { partition, start, end }: Range,
  hand: (record: LogRecord) => void,
): PartitionReader {
  const read: Read = { records: 0, poison: 0 };
  let next = start;

  function takeOne({ value, timestamp }: KafkaMessage, offset: number): void {
    const decoded = decodeEvent(value);
    if (decoded.kind === "unsupported") {
      read.unsupportedAt = offset;
      return;
    }
    read.records += 1;
    if (decoded.kind === "poison") {
      read.poison += 1;
      return;
    }
    const { event, unreadable } = decoded;
    hand({ offset, timestamp: Number(timestamp), event, unreadable: unreadable !== undefined });
  }

  const isDone = () => next >= end || read.unsupportedAt !== undefined;
  return {
    partition,
    read,
    isDone,
    next: () => next,
    take: (messages) => {
      for (const message of messages) {
        const offset = Number(message.offset);
        if (offset < next) continue;
        if (isDone()) return true;
        if (offset > next) return false;
        takeOne(message, offset);
        next = offset + 1;
      }
      return true;
    },
  };
}
