import { encodeEvent } from "@waitlist/contracts";
import type { Appender } from "@waitlist/kafka";
import type { Proposals } from "../ports.ts";

/** Shorter than a stop may take, in milliseconds: what a timer has under way is waited for then. */
const DEADLINE_MS = 2000;

/** Proposals go to the end of the history that they are about. */
export const createProposals = (appender: Pick<Appender, "append">, topic: string): Proposals => ({
  append: async (partition, event) => {
    const value = encodeEvent(event);
    const about = { topic, partition, key: event.data.waitlistId, deadlineMs: DEADLINE_MS };
    const { offset } = await appender.append({ ...about, value });
    return offset;
  },
});
