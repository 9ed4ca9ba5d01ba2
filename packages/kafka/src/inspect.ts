// What the brokers say of themselves and of topics. It only reads.
import kafkajs, { type Admin } from "kafkajs";
import { createAdminClient } from "./admin.ts";
import type { KafkaOptions } from "./client.ts";
import { repeated } from "./waiting.ts";

export interface TopicLook {
  name: string;
  partitions: { replicas: number; inSync: number; hasLeader: boolean }[];
  /** As Kafka's topic configuration names it; without what is kept secret. */
  config: Map<string, string>;
  /** Partitions that have a record whose time is later than what was asked for. */
  later: number[];
}

export interface ClusterLook {
  brokers: number;
  /** By name; those that aren't there are missing. */
  topics: Map<string, TopicLook>;
}

/** A topic that was made a moment ago isn't known everywhere, or has no leader yet: such answers are asked for again. */
const ATTEMPTS = 5;
const RETRY = { firstMs: 200, maxMs: 1000 };

function isPassing(error: unknown): boolean {
  const cause = error instanceof kafkajs.KafkaJSNumberOfRetriesExceeded ? error.cause : error;
  return (
    cause instanceof kafkajs.KafkaJSError &&
    cause.retriable &&
    !(cause instanceof kafkajs.KafkaJSConnectionError)
  );
}

/** Looks at these topics, and for records later than `laterThan` (in milliseconds). Throws where no broker answers. */
export async function inspectTopics(
  options: KafkaOptions,
  names: string[],
  laterThan: number,
): Promise<ClusterLook> {
  const client = createAdminClient(options);
  const look = async (admin: Admin): Promise<ClusterLook> => {
    const { brokers } = await admin.describeCluster();
    const there = new Set(await admin.listTopics());
    const looks = names.filter((name) => there.has(name)).map((name) => lookAt(admin, name, laterThan));
    const topics = await Promise.all(looks);
    return { brokers: brokers.length, topics: new Map(topics.map((topic) => [topic.name, topic])) };
  };
  try {
    const mayPass = (error: unknown, attempt: number) => attempt + 1 < ATTEMPTS && isPassing(error);
    return await repeated(() => client.use(look), mayPass, RETRY);
  } finally {
    await client.close();
  }
}

async function lookAt(admin: Admin, name: string, laterThan: number): Promise<TopicLook> {
  const resource = { type: kafkajs.ConfigResourceTypes.TOPIC, name };
  const [{ topics }, { resources }] = await Promise.all([
    admin.fetchTopicMetadata({ topics: [name] }),
    admin.describeConfigs({ resources: [resource], includeSynonyms: false }),
  ]);
  const entries = resources[0]?.configEntries ?? [];
  const known = entries.filter(({ isSensitive }) => !isSensitive);
  return {
    name,
    partitions: (topics[0]?.partitions ?? []).map(({ replicas, isr, leader }) => ({
      ...{ replicas: replicas.length, inSync: isr.length, hasLeader: leader >= 0 },
    })),
    config: new Map(known.map(({ configName, configValue }) => [configName, configValue])),
    later: await partitionsLater(admin, name, laterThan),
  };
}

/** kafkajs answers with the end where there is no such record: the end is read first, so that a newer one is below no end. */
async function partitionsLater(admin: Admin, name: string, laterThan: number): Promise<number[]> {
  const ends = new Map(
    (await admin.fetchTopicOffsets(name)).map(({ partition, high }) => [partition, Number(high)]),
  );
  const found = await admin.fetchTopicOffsetsByTimestamp(name, laterThan);
  return found
    .filter(({ partition, offset }) => Number(offset) < (ends.get(partition) ?? 0))
    .map(({ partition }) => partition);
}
