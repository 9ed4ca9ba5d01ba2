import { encodeEvent } from "@waitlist/contracts";
import type { Appender } from "@waitlist/kafka";
import type { Proposals } from "../ports.ts";

/** Proposals go to the end of the history that they are about. */
export const createProposals = (appender: Pick<Appender, "append">, topic: string): Proposals => ({
  append: async (partition, event) => {
    const value = encodeEvent(event);
    const { offset } = await appender.append({ topic, partition, key: event.data.waitlistId, value });
    return offset;
  },
});
