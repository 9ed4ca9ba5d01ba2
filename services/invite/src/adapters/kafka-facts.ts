import { encodeEvent, type WaitlistEvent } from "@waitlist/contracts";
import type { Appender } from "@waitlist/kafka";
import type { Facts, Proposals } from "../ports.ts";

/** How long a part's facts may wait for their acknowledgement, in milliseconds, before the attempt has failed. */
const DEADLINE_MS = 10_000;

type Appending = Pick<Appender, "appendAll">;

/** Facts go to the end of the same history that caused them. */
export const createFacts = (appender: Appending, topic: string): Facts => ({
  append: async (partition, facts) => {
    await appendTo(appender, topic, partition, facts);
  },
});

export const createProposals = (appender: Appending, topic: string): Proposals => ({
  propose: async (partition, facts) => {
    const appended = await appendTo(appender, topic, partition, facts);
    return Math.max(...appended.map(({ offset }) => offset)) + 1;
  },
});

const appendTo = (appender: Appending, topic: string, partition: number, facts: WaitlistEvent[]) =>
  appender.appendAll(
    facts.map((event) => ({
      topic,
      partition,
      key: event.data.waitlistId,
      value: encodeEvent(event),
      deadlineMs: DEADLINE_MS,
    })),
  );
