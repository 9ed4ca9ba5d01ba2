import { isTracing, openSpan } from "@waitlist/runtime";
import type { HistoryRecord } from "./types.ts";

/** What is said of the records of a group's batch. */
export interface TracedBatch<E> {
  group: string;
  topic: string;
  records: readonly HistoryRecord<E>[];
  /** A record's kind, of which there are few. */
  nameOf?: ((event: E) => string) | undefined;
}

/**
 * Applies a batch, with a span for each record that carries a trace, from the batch's beginning to its end: a record waits for
 * those that it shares a batch with. A record without a trace begins none.
 */
export async function inProcessSpans<E>(
  { group, topic, records, nameOf = () => "record" }: TracedBatch<E>,
  apply: () => Promise<void>,
): Promise<void> {
  if (!isTracing()) return apply();
  const spans = records.flatMap(
    ({ headers, event, partition, offset }) =>
      openSpan(`process ${nameOf(event)}`, {
        kind: "consumer",
        within: { carrier: headers },
        attributes: {
          "messaging.system": "kafka",
          "messaging.operation.type": "process",
          "messaging.destination.name": topic,
          "messaging.consumer.group.name": group,
          "messaging.destination.partition.id": String(partition),
          "messaging.kafka.offset": offset,
        },
      }) ?? [],
  );
  try {
    await apply();
    for (const span of spans) span.end();
  } catch (error) {
    for (const span of spans) span.end(error);
    throw error;
  }
}
