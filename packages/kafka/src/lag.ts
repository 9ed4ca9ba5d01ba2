import type { Admin } from "kafkajs";
import { createAdminClient } from "./admin.ts";
import type { KafkaOptions } from "./client.ts";
import { createLogReader, type LogPlace, type LogReader } from "./log-reader.ts";

/** How far a group is behind on one partition, by what it committed to Kafka (its own cursor may be further). */
export interface PartitionLag {
  group: string;
  topic: string;
  partition: number;
  /** Offset of the next record to be written. */
  end: number;
  /** Offset of the next record that the group reads; null where it has committed none. */
  committed: number | null;
  /**
   * Offsets between the two, as Kafka's own tools count: those whose records retention has removed, too, and below 0
   * where the log ends before what was processed. For a group that has committed none, all records that the log has.
   */
  lag: number;
  /** When the oldest of its records was appended, by the broker's clock, in milliseconds; null where there are none. */
  oldestAt: number | null;
}

export interface LagReader {
  /** By group, then by partition. Throws where the topic isn't there, or no broker answers. */
  read(groups: string[], topic: string): Promise<PartitionLag[]>;
  close(): Promise<void>;
}

/**
 * Reads lag with one look at the topic's ends, one request a group, and one for each oldest record that wasn't known
 * from the look before.
 */
export function createLagReader(options: KafkaOptions): LagReader {
  const client = createAdminClient(options);
  const reader = createLogReader(options);
  const timesOf = createTimes(reader);
  return {
    read: async (groups, topic) => {
      const offsets = await client.use((admin) => readOffsets(admin, groups, topic));
      const behind = offsets.filter(({ from, end }) => from < end);
      const times = await timesOf(behind.map(({ partition, from }) => ({ topic, partition, from })));
      return offsets.map(({ from, ...lag }) => ({
        ...lag,
        topic,
        oldestAt: times.get(nameOf({ topic, partition: lag.partition, from })) ?? null,
      }));
    },
    close: async () => {
      await Promise.all([client.close(), reader.close()]);
    },
  };
}

async function readOffsets(admin: Admin, groups: string[], topic: string) {
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
  const bounds = (await admin.fetchTopicOffsets(topic)).sort((one, other) => one.partition - other.partition);
  return committed.flatMap(({ group, offsets }) =>
    bounds.map(({ partition, low, high }) => {
      const offset = offsets.get(partition) ?? -1;
      return { group, partition, ...between(offset, { start: Number(low), end: Number(high) }) };
    }),
  );
}

function between(offset: number, log: { start: number; end: number }) {
  const committed = offset < 0 ? null : offset;
  // The oldest record that is still there.
  const from = Math.max(committed ?? 0, log.start);
  return { end: log.end, committed, lag: log.end - (committed ?? log.start), from };
}

const nameOf = ({ topic, partition, from }: LogPlace): string => `${topic}/${partition}/${from}`;

/** One byte is asked for: the broker sends one batch all the same. */
const ONE_BATCH = 1;

/** When the records at these places were appended: that never changes, so that of a group that stands is read once. */
function createTimes(reader: LogReader) {
  let known = new Map<string, number>();
  return async (places: LogPlace[]): Promise<ReadonlyMap<string, number>> => {
    const asked = new Map(places.map((place) => [nameOf(place), place]));
    const found = await Promise.all(
      [...asked].map(async ([name, place]): Promise<[string, number][]> => {
        const before = known.get(name);
        if (before !== undefined) return [[name, before]];
        const [oldest] = await reader.read(place, ONE_BATCH);
        return oldest ? [[name, oldest.timestamp]] : [];
      }),
    );
    known = new Map(found.flat());
    return known;
  };
}
