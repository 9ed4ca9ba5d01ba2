// Where a list's partition is kept, as the brokers themselves say, and settings that make it unsafe.
import assert from "node:assert/strict";
import { eventsTopic, partitionOf } from "@waitlist/contracts";
import { eventually } from "@waitlist/testing";
import { type Admin, ConfigResourceTypes, Kafka, logLevel } from "kafkajs";

const PARTITIONS = 12;
const topic = eventsTopic(PARTITIONS);

export interface Replicas {
  /** A broker's id; -1 while there is none. */
  leader: number;
  /** Ids of the brokers that have all that was acknowledged. */
  inSync: number[];
}

export async function replicasOf(brokers: string, waitlistId: string): Promise<Replicas> {
  const { topics } = await asAdmin(brokers, (admin) => admin.fetchTopicMetadata({ topics: [topic.name] }));
  const found = topics[0]?.partitions.find(
    ({ partitionId }) => partitionId === partitionOf(waitlistId, PARTITIONS),
  );
  assert.ok(found, "the list has no partition");
  return { leader: found.leader, inSync: found.isr.toSorted() };
}

/** Waits until these brokers, and no others, are in sync. */
export const inSync = (brokers: string, waitlistId: string, ids: number[]): Promise<void> =>
  eventually(async () => assert.deepEqual((await replicasOf(brokers, waitlistId)).inSync, ids), 60_000);

/** Leaves a list's partition on two brokers, of which one alone may acknowledge, and one that missed it lead. */
export async function makeUnsafe(brokers: string, waitlistId: string, replicas: [number, number]) {
  const partition = partitionOf(waitlistId, PARTITIONS);
  await asAdmin(brokers, async (admin) => {
    const weak = { ...topic.config, "min.insync.replicas": "1", "unclean.leader.election.enable": "true" };
    const configEntries = Object.entries(weak).map(([name, value]) => ({ name, value }));
    const resources = [{ type: ConfigResourceTypes.TOPIC, name: topic.name, configEntries }];
    await admin.alterConfigs({ validateOnly: false, resources });
    await admin.alterPartitionReassignments({
      topics: [{ topic: topic.name, partitionAssignment: [{ partition, replicas }] }],
    });
  });
  await inSync(brokers, waitlistId, replicas.toSorted());
}

async function asAdmin<T>(brokers: string, ask: (admin: Admin) => Promise<T>): Promise<T> {
  const kafka = new Kafka({ brokers: brokers.split(","), clientId: "tests", logLevel: logLevel.NOTHING });
  const admin = kafka.admin();
  await admin.connect();
  try {
    return await ask(admin);
  } finally {
    await admin.disconnect();
  }
}
