// How a service follows the history: the topics, the producer beside it, and the consumer with its cursor in Mongo.
import { deadLetterTopic, decodeEvent, eventsTopic, type WaitlistEvent } from "@waitlist/contracts";
import {
  type Appender,
  createAppender,
  createHistoryConsumer,
  ensureTopics,
  type HistoryConsumer,
  type HistoryHandler,
  type PauseKind,
} from "@waitlist/kafka";
import { type Lifecycle, type Logger, type Registry, untilItWorks } from "@waitlist/runtime";
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

/** How far a partition has been taken. */
export interface Position {
  /** Offset of the next record. */
  next: number;
  /** Whether records are being taken; otherwise something is waited for. */
  goesOn: boolean;
}

export interface Follower {
  start(): void;
  /** Puts records on the log. */
  appender: Appender;
  eventsTopic: string;
  /** Null where the partition is not ours, or its cursor was not read yet. */
  position(partition: number): Position | null;
  /** Whether the broker answers, and every partition that is ours goes on. */
  isFollowing(): boolean;
}

/** No list's history waits: what is on a foreign partition is none. */
const HARMLESS: PauseKind[] = ["taking-over", "foreign"];

/**
 * Waits for the broker, creates what is missing and wires the consumer; `start` begins. The lifecycle ends it. Throws
 * `TopicGone` where the history has been read before and its topic isn't there.
 */
export async function createFollower(options: FollowOptions): Promise<Follower> {
  const { group, log, registry, lifecycle, roster } = options;
  const kafka = { brokers: options.brokers.split(","), clientId: group, log };
  const events = eventsTopic(roster.installation.partitions, options.topicPrefix);
  const deadLetters = deadLetterTopic(group, options.topicPrefix);
  const wasRead = await hasRead(roster, log);
  await ensureTopics(kafka, [{ ...events, wasRead }, deadLetters]);
  const appender = createAppender({ ...kafka, registry });
  lifecycle.onClose("the producer", appender.close);
  const consumer: HistoryConsumer = createHistoryConsumer({
    ...kafka,
    group: `${options.topicPrefix}${group}`,
    topic: events.name,
    partitions: roster.installation.partitions,
    decode: decodeEvent,
    nameOf: ({ type }) => type,
    cursors: roster.cursors,
    handler: options.handler(appender, events.name),
    deadLetters: { appender, topic: deadLetters.name },
    onFatal: lifecycle.fail,
    registry,
  });
  lifecycle.onClose("the consumer", consumer.stop);
  return {
    start: consumer.start,
    ...{ appender, eventsTopic: events.name },
    position: (partition) => {
      const held = consumer.state().find((state) => state.partition === partition);
      return held?.next == null ? null : { next: held.next, goesOn: held.paused === undefined };
    },
    isFollowing: () =>
      consumer.isHeard() && consumer.state().every(({ paused }) => !paused || HARMLESS.includes(paused.kind)),
  };
}

/** Whether any partition has a cursor. Waits for the database while it is away. */
function hasRead({ cursors, installation }: FollowOptions["roster"], log: Logger): Promise<boolean> {
  const partitions = Array.from({ length: installation.partitions }, (_, partition) => partition);
  const look = async () =>
    (await Promise.all(partitions.map(cursors.load))).some((cursor) => cursor !== null);
  return untilItWorks("the database", look, { log, isFatal: () => false });
}
