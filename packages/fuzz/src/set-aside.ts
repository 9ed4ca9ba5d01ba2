// Dead letters for the sample: signups that a service of an older build could not read.
import {
  createEvent,
  deadLetterTopic,
  encodeEvent,
  entryIdOf,
  eventsTopic,
  GROUPS,
  partitionOf,
} from "@waitlist/contracts";
import { createAppender } from "@waitlist/kafka";
import type { System } from "@waitlist/launcher";

const PARTITIONS = 12;
const nothing = () => undefined;
const silent = { debug: nothing, info: nothing, warn: nothing, error: nothing };

/** Sets as many signups aside as are asked for, each of somebody new; returns the letters' ids. */
export async function setAside(
  { endpoints, secrets }: System,
  list: string,
  count: number,
): Promise<string[]> {
  const appender = createAppender({
    brokers: endpoints.kafka.split(","),
    clientId: "fuzz",
    log: silent,
    deadlineMs: 20_000,
  });
  try {
    const partition = partitionOf(list, PARTITIONS);
    // Offsets from the list's first records: what stands there doesn't matter.
    const letters = Array.from({ length: count }, (_, offset) => {
      const email = `aside-${offset}@example.com`;
      const entryId = entryIdOf(secrets.ENTRY_ID_SECRET, list, email);
      const data = { waitlistId: list, entryId, email, needsConfirmation: false };
      const value = Buffer.from(
        encodeEvent(createEvent("WaitlistJoined", data, { source: "/fuzz", at: Date.now() })),
      );
      const headers = {
        ...{ cause: "of an older build", group: GROUPS.email, topic: eventsTopic(PARTITIONS).name },
        ...{ partition: String(partition), offset: String(offset), bytes: String(value.length) },
      };
      return {
        topic: deadLetterTopic(GROUPS.email).name,
        partition: 0,
        key: `${partition}:${offset}`,
        value,
        headers,
      };
    });
    await appender.appendAll(letters);
    return letters.map(({ headers }) => `${GROUPS.email}.${headers.partition}.${headers.offset}`);
  } finally {
    await appender.close();
  }
}
