// The one topic that holds every list's history, and the dead-letter topics beside it.

const DAY_MS = 24 * 60 * 60 * 1000;

/** A topic as the services create it; `config` as Kafka's topic configuration names it. */
export interface TopicDefinition {
  name: string;
  partitions: number;
  config: Record<string, string>;
}

/** Names of the consumer groups, one a service. */
export const GROUPS = { storage: "storage", email: "email", invite: "invite" } as const;

/** Records are kept for 14 days: an erasure request allows 30, and backups are younger than that. */
const RETENTION_MS = 14 * DAY_MS;

const config = {
  "cleanup.policy": "delete",
  "retention.ms": String(RETENTION_MS),
  // Retention removes whole segments: with a day each, nothing outlives it by much.
  "segment.ms": String(DAY_MS),
  // The broker's clock, so that a record's time is as ordered as its offset.
  "message.timestamp.type": "LogAppendTime",
};

/** `prefix` keeps tests apart on one broker. */
export const eventsTopic = (partitions: number, prefix = ""): TopicDefinition => ({
  name: `${prefix}waitlist.events`,
  partitions,
  config,
});

/** What a group set aside, keyed by the original partition and offset; kept no longer than the history. */
export const deadLetterTopic = (group: string, prefix = ""): TopicDefinition => ({
  name: `${prefix}${group}.dead-letters`,
  partitions: 1,
  config,
});
