import { encodeEvent, eventsTopic, ProblemError, partitionOf, type WaitlistEvent } from "@waitlist/contracts";
import { AppendError, type Appender, type AppendRequest } from "@waitlist/kafka";
import type { KnownLog } from "../known-log.ts";
import type { EventLog } from "../ports.ts";

/** Seconds after which a refused client may try again. */
const RETRY_AFTER_S = 2;

/** The topic of all histories; each list's in the partition that its id gives. */
export function createKafkaLog(
  appender: Pick<Appender, "append">,
  { partitions, topicPrefix, known }: { partitions: number; topicPrefix: string; known: KnownLog },
): EventLog {
  const topic = eventsTopic(partitions, topicPrefix).name;
  const requestOf = (event: WaitlistEvent): AppendRequest => ({
    topic,
    partition: partitionOf(event.data.waitlistId, partitions),
    key: event.data.waitlistId,
    value: encodeEvent(event),
  });
  return {
    append: async (event) => {
      const request = requestOf(event);
      const ensureExpected = known.expect(request.partition);
      try {
        const { partition, offset } = await appender.append(request);
        ensureExpected(offset);
        return { partition, offset };
      } catch (error) {
        throw error instanceof AppendError ? notAccepted(error) : error;
      }
    },
  };
}

/** What a client may be told: nothing is pretended, and a repeat does no harm. */
function notAccepted(cause: AppendError): ProblemError {
  const detail =
    cause.outcome === "not-written"
      ? "Nothing was written. Try again shortly."
      : "It is not known whether this was written. Try again: a repeat does no harm.";
  return new ProblemError("unavailable", detail, { retryAfter: RETRY_AFTER_S, cause });
}
