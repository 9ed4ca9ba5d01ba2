import { encodeEvent } from "@waitlist/contracts";
import type { Appender } from "@waitlist/kafka";
import type { Facts } from "../ports.ts";

/** How long a part's facts may wait for their acknowledgement, in milliseconds, before the attempt has failed. */
const DEADLINE_MS = 10_000;

/** Facts go to the end of the same history that caused them. */
export const createFacts = (appender: Pick<Appender, "appendAll">, topic: string): Facts => ({
  append: async (partition, facts) => {
    await appender.appendAll(
      facts.map((event) => ({
        topic,
        partition,
        key: event.data.waitlistId,
        value: encodeEvent(event),
        deadlineMs: DEADLINE_MS,
      })),
    );
  },
});
