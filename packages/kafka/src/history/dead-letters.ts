import type { AppendRequest } from "../appender/index.ts";
import type { DeadLetter } from "./chunk.ts";

/** A larger value stays on the original topic only: setting a record aside must never fail for its size. */
const MAX_VALUE_BYTES = 500_000;
const MAX_TEXT_LENGTH = 1000;

/**
 * A dead letter's key is the original partition and offset. After a crash or a lost acknowledgement it may be
 * written again: whoever reads dead letters keeps the first of each key.
 */
export function deadLetterRequests(
  from: { group: string; topic: string; partition: number },
  to: string,
  letters: DeadLetter[],
): AppendRequest[] {
  return letters.map(({ message: { key, value, offset }, cause }) => ({
    topic: to,
    partition: 0,
    key: `${from.partition}:${offset}`,
    value: value && value.length <= MAX_VALUE_BYTES ? value : Buffer.alloc(0),
    headers: {
      cause: cause.slice(0, MAX_TEXT_LENGTH),
      group: from.group,
      topic: from.topic,
      partition: String(from.partition),
      offset,
      bytes: String(value?.length ?? 0),
      key: (key?.toString() ?? "").slice(0, MAX_TEXT_LENGTH),
    },
  }));
}
