import { eventsTopic, GROUPS } from "@waitlist/contracts";
import { createLagReader, type PartitionLag } from "@waitlist/kafka";

const nothing = () => undefined;
const silent = { debug: nothing, info: nothing, warn: nothing, error: nothing };

/** How far each service is behind the log, as Kafka itself counts it. */
export async function readLag(brokers: string): Promise<PartitionLag[]> {
  const prefix = process.env.TOPIC_PREFIX ?? "";
  const reader = createLagReader({ brokers: brokers.split(","), clientId: "demo", log: silent });
  try {
    const groups = Object.values(GROUPS).map((group) => `${prefix}${group}`);
    return await reader.read(groups, eventsTopic(1, prefix).name);
  } finally {
    await reader.close();
  }
}
