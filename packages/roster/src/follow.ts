// How a service follows the history: the topics, the producer beside it, and the consumer with its cursor in Mongo.
import { deadLetterTopic, decodeEvent, eventsTopic, type WaitlistEvent } from "@waitlist/contracts";
import {
  type Appender,
  createAppender,
  createHistoryConsumer,
  ensureTopics,
  type HistoryConsumer,
  type HistoryHandler,
  type PartitionState,
} from "@waitlist/kafka";
import type { Lifecycle, Logger, Registry } from "@waitlist/runtime";
import type { Roster } from "./mongo/open.ts";

export interface FollowOptions {
  /** The consumer group, and the client's name at the broker. */
  group: string;
  /** host:port, separated by commas. */
  brokers: string;
  topicPrefix: string;
  roster: Pick<Roster<unknown>, "cursors" | "installation">;
  /** Made with the producer, for what the service itself puts on the log. */
  handler: (appender: Appender, eventsTopic: string) => HistoryHandler<WaitlistEvent>;
  log: Logger;
  registry: Registry;
  lifecycle: Lifecycle;
}

export interface Follower {
  start(): void;
  /** Whether every partition that is ours goes on. */
  isFollowing(): boolean;
  /** The partitions that are ours, and how far each is taken. */
  state(): PartitionState[];
  /** The producer, and the topic of all histories: for what is proposed without a record that causes it. */
  appender: Appender;
  eventsTopic: string;
}

/** Waits for the broker, creates what is missing and wires the consumer; `start` begins. The lifecycle ends it. */
export async function createFollower(options: FollowOptions): Promise<Follower> {
  const { group, log, registry, lifecycle, roster } = options;
  const kafka = { brokers: options.brokers.split(","), clientId: group, log };
  const events = eventsTopic(roster.installation.partitions, options.topicPrefix);
  const deadLetters = deadLetterTopic(group, options.topicPrefix);
  await ensureTopics(kafka, [events, deadLetters]);
  const appender = createAppender({ ...kafka, registry });
  lifecycle.onClose("the producer", appender.close);
  const consumer: HistoryConsumer = createHistoryConsumer({
    ...kafka,
    group: `${options.topicPrefix}${group}`,
    topic: events.name,
    decode: decodeEvent,
    cursors: roster.cursors,
    handler: options.handler(appender, events.name),
    deadLetters: { appender, topic: deadLetters.name },
    onFatal: lifecycle.fail,
    registry,
  });
  lifecycle.onClose("the consumer", consumer.stop);
  return {
    start: consumer.start,
    isFollowing: () => consumer.state().every(({ paused }) => !paused || paused.kind === "taking-over"),
    state: consumer.state,
    ...{ appender, eventsTopic: events.name },
  };
}
