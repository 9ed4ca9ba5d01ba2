// The services' consumer groups, as the broker sees them.
import assert from "node:assert/strict";
import { eventsTopic, GROUPS } from "@waitlist/contracts";
import { eventually } from "@waitlist/testing";
import { Kafka, logLevel } from "kafkajs";

const PARTITIONS = 12;
const topic = eventsTopic(PARTITIONS).name;
const groups = Object.values(GROUPS);
export type Group = (typeof groups)[number];

/** A group that has lost a member without a word misses it after its session's 10 s, and divides itself then. */
const SETTLED_WITHIN_MS = 60_000;

export interface GroupWatch {
  /** Waits until each group consists of so many members that hold partitions, and is being divided no more. */
  haveMembers(count: number): Promise<void>;
  /** How many records of the history a group hasn't taken yet. */
  behind(group: Group): Promise<number>;
  close(): Promise<void>;
}

export async function watchGroups(brokers: string): Promise<GroupWatch> {
  const kafka = new Kafka({ brokers: brokers.split(","), clientId: "tests", logLevel: logLevel.NOTHING });
  const admin = kafka.admin();
  await admin.connect();
  return {
    haveMembers: (count) =>
      eventually(async () => {
        const { groups: found } = await admin.describeGroups(groups);
        const seen = found.map(({ groupId, state, members }) => `${groupId} ${state} ${members.length}`);
        assert.deepEqual(seen.toSorted(), groups.map((group) => `${group} Stable ${count}`).toSorted());
      }, SETTLED_WITHIN_MS),
    behind: async (group) => {
      const ends = new Map((await admin.fetchTopicOffsets(topic)).map((end) => [end.partition, end.high]));
      const [committed] = await admin.fetchOffsets({ groupId: group, topics: [topic] });
      assert.ok(committed, "the broker knows nothing of the group");
      // -1 where nothing was committed yet: the log is read from its beginning.
      const rest = committed.partitions.map(
        ({ partition, offset }) => Number(ends.get(partition) ?? 0) - Math.max(0, Number(offset)),
      );
      return rest.reduce((sum, count) => sum + count, 0);
    },
    close: () => admin.disconnect(),
  };
}
