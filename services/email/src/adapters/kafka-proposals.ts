import { encodeEvent, partitionOf } from "@waitlist/contracts";
import type { Appender } from "@waitlist/kafka";
import type { Proposals } from "../ports.ts";

/** How long proposals may wait for their acknowledgement, in milliseconds, before the attempt has failed. */
const DEADLINE_MS = 10_000;

/** Each goes to the end of its own list's history. */
export const createProposals = (
  appender: Pick<Appender, "appendAll">,
  { topic, partitions }: { topic: string; partitions: number },
): Proposals => ({
  propose: async (facts) => {
    await appender.appendAll(
      facts.map((event) => ({
        topic,
        partition: partitionOf(event.data.waitlistId, partitions),
        key: event.data.waitlistId,
        value: encodeEvent(event),
        deadlineMs: DEADLINE_MS,
      })),
    );
  },
});
