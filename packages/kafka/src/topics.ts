import kafkajs, { type Admin } from "kafkajs";
import { createAdminClient } from "./admin.ts";
import type { KafkaOptions } from "./client.ts";
import { runbook, TopicGone, TopicTooSmall } from "./errors.ts";
import { repeated } from "./waiting.ts";

export interface Topic {
  name: string;
  partitions: number;
  config: Record<string, string>;
  /** Its records were read before: where it is missing, it was lost, and an empty one in its place would hide that. */
  wasRead?: boolean;
}

/** What was found and done. */
export interface TopicReport {
  name: string;
  created: boolean;
  /** As many as the topic has; perhaps more than were asked for, never fewer. */
  partitions: number;
  /** Settings of an existing topic that were other than asked for, and are now as asked for. */
  altered: string[];
}

export interface EnsureTopicsOptions extends KafkaOptions {
  /** -1 (the default) leaves it to the broker. */
  replicationFactor?: number;
  /** How long brokers that don't answer yet are waited for, in milliseconds. */
  deadlineMs?: number;
}

const RETRY = { firstMs: 200, maxMs: 2000 };

/**
 * Creates the topics that don't exist and sets the settings of those that do; never adds partitions.
 * Throws `TopicTooSmall` for a topic with fewer partitions than asked for, `TopicGone` for one that was read before and
 * isn't there, or the last error after the deadline.
 */
export async function ensureTopics(options: EnsureTopicsOptions, topics: Topic[]): Promise<TopicReport[]> {
  const client = createAdminClient(options);
  const deadline = performance.now() + (options.deadlineMs ?? 60_000);
  try {
    const mayPass = (error: unknown, attempt: number) => {
      const isFatal = error instanceof TopicTooSmall || error instanceof TopicGone;
      if (isFatal || performance.now() > deadline) return false;
      options.log.debug({ err: error, attempt }, "topics can't be created yet; trying again");
      return true;
    };
    return await repeated(() => client.use((admin) => ensure(admin, topics, options)), mayPass, RETRY);
  } finally {
    await client.close();
  }
}

async function ensure(admin: Admin, topics: Topic[], options: EnsureTopicsOptions): Promise<TopicReport[]> {
  const before = new Set(await admin.listTopics());
  const missing = topics.filter(({ name }) => !before.has(name));
  const gone = missing.find(({ wasRead }) => wasRead);
  if (gone) throw new TopicGone(gone.name);
  if (missing.length > 0) {
    await admin.createTopics({
      waitForLeaders: true,
      topics: missing.map(({ name, partitions, config }) => ({
        topic: name,
        numPartitions: partitions,
        replicationFactor: options.replicationFactor ?? -1,
        configEntries: Object.entries(config).map(([key, value]) => ({ name: key, value })),
      })),
    });
  }
  const reports: TopicReport[] = [];
  for (const topic of topics) {
    reports.push({
      name: topic.name,
      created: !before.has(topic.name),
      partitions: await countPartitions(admin, topic),
      altered: await reconcile(admin, topic),
    });
  }
  for (const [index, { name, created, partitions, altered }] of reports.entries()) {
    const asked = topics[index];
    if (asked) warnOfMore(asked, partitions, options);
    if (created) options.log.info({ topic: name, partitions }, "topic created");
    else if (altered.length > 0) options.log.info({ topic: name, altered }, "topic settings altered");
  }
  return reports;
}

async function countPartitions(admin: Admin, { name, partitions }: Topic): Promise<number> {
  const { topics } = await admin.fetchTopicMetadata({ topics: [name] });
  const actual = topics.find((topic) => topic.name === name)?.partitions.length ?? 0;
  if (actual < partitions) {
    throw new TopicTooSmall(
      `topic ${name} has ${actual} partitions, but ${partitions} are in use; partitions are not added here`,
    );
  }
  return actual;
}

/** Further partitions move nobody: we choose by the number that was recorded. But whoever added them may write there. */
function warnOfMore({ name, partitions }: Topic, actual: number, { log }: EnsureTopicsOptions): void {
  if (actual <= partitions) return;
  const why = `the topic has more partitions than are in use; nothing is written to the others. ${runbook("added-partitions")}`;
  log.warn({ topic: name, partitions: actual, inUse: partitions }, why);
}

/** Kafka's request for it replaces all settings of the topic: those that we don't name are sent along as they are. */
async function reconcile(admin: Admin, { name, config }: Topic): Promise<string[]> {
  const resource = { type: kafkajs.ConfigResourceTypes.TOPIC, name };
  const { resources } = await admin.describeConfigs({ resources: [resource], includeSynonyms: false });
  const current = resources[0]?.configEntries ?? [];
  const values = new Map(current.map((entry) => [entry.configName, entry.configValue]));
  const altered = Object.keys(config).filter((key) => values.get(key) !== config[key]);
  if (altered.length === 0) return [];
  const own = current
    .filter(
      ({ configSource, isSensitive }) => configSource === kafkajs.ConfigSource.TOPIC_CONFIG && !isSensitive,
    )
    .map(({ configName, configValue }): [string, string] => [configName, configValue]);
  const entries = Object.entries({ ...Object.fromEntries(own), ...config });
  await admin.alterConfigs({
    validateOnly: false,
    resources: [{ ...resource, configEntries: entries.map(([key, value]) => ({ name: key, value })) }],
  });
  return altered;
}
