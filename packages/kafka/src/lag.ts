import { createAdminClient } from "./admin.ts";
import type { KafkaOptions } from "./client.ts";

/** How far a group is behind on one partition, by what it committed to Kafka (its own cursor may be further). */
export interface PartitionLag {
  group: string;
  partition: number;
  /** Offset of the next record to be written. */
  end: number;
  /** Offset of the next record that the group reads; null where it has committed none. */
  committed: number | null;
  /** Records between the two; for a group that has committed none, all that the log has. */
  lag: number;
}

export interface LagReader {
  read(groups: string[], topic: string): Promise<PartitionLag[]>;
  close(): Promise<void>;
}

/** Reads lag with one look at the topic's ends and one request a group. */
export function createLagReader(options: KafkaOptions): LagReader {
  const client = createAdminClient(options);
  return {
    read: (groups, topic) =>
      client.use(async (admin) => {
        // The groups first: an end read later is never lower than what was committed.
        const committed = await Promise.all(
          groups.map(async (group) => ({
            group,
            offsets: new Map(
              (await admin.fetchOffsets({ groupId: group, topics: [topic] }))
                .flatMap((entry) => entry.partitions)
                .map(({ partition, offset }) => [partition, Number(offset)]),
            ),
          })),
        );
        const bounds = await admin.fetchTopicOffsets(topic);
        return committed.flatMap(({ group, offsets }) =>
          bounds.map(({ partition, low, high }) =>
            partitionLag(
              group,
              partition,
              { start: Number(low), end: Number(high) },
              offsets.get(partition) ?? -1,
            ),
          ),
        );
      }),
    close: client.close,
  };
}

function partitionLag(
  group: string,
  partition: number,
  log: { start: number; end: number },
  offset: number,
): PartitionLag {
  const committed = offset < 0 ? null : offset;
  const from = Math.max(committed ?? 0, log.start);
  return { group, partition, end: log.end, committed, lag: Math.max(0, log.end - from) };
}
