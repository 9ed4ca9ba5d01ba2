// Failures that no further attempt can mend.
import { AppendRefused, RecordTooLarge } from "../errors.ts";
import { outcomeOf, type QueuedRecord } from "./record.ts";

const TOO_LARGE = ["MESSAGE_TOO_LARGE", "RECORD_LIST_TOO_LARGE"];
const REFUSED = ["TOPIC_AUTHORIZATION_FAILED", "CLUSTER_AUTHORIZATION_FAILED", "INVALID_TOPIC_EXCEPTION"];

export const isTooLarge = (type: string): boolean => TOO_LARGE.includes(type);

/** Ends what no further attempt can help; true when it did. */
export function refuse(
  records: QueuedRecord[],
  failure: { error: unknown; type: string },
  attempt: number,
): boolean {
  const cause = { cause: failure.error };
  for (const record of records) {
    if (TOO_LARGE.includes(failure.type)) {
      // No attempt at a batch of this size can have been written, unless an earlier one met other limits.
      const outcome = attempt === 0 ? "not-written" : outcomeOf(record);
      record.fail(new RecordTooLarge("the broker takes no record of this size", outcome, cause));
    } else if (REFUSED.includes(failure.type)) {
      record.fail(
        new AppendRefused(`the broker refuses the record: ${failure.type}`, outcomeOf(record), cause),
      );
    } else {
      return false;
    }
  }
  return true;
}

/** Kafka's own name of an error, through kafkajs's wrappings. */
export function protocolType(error: unknown): string {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if ("type" in cause && typeof cause.type === "string") return cause.type;
  }
  return "";
}
