import type { Consumer, EachBatchPayload } from "kafkajs";
import { createClient, type KafkaOptions } from "../client.ts";
import { within } from "../waiting.ts";
import type { PartitionControl } from "./held-partition.ts";
import type { Settings } from "./settings.ts";

/** This member's place in its group, from joining until it leaves or something breaks. */
export interface Membership {
  /** Resolves with the reason when it has ended by itself. */
  ended: Promise<Error>;
  /** Finishes what is in hand, leaves the group, disconnects. */
  leave(): Promise<void>;
}

export interface MembershipEvents {
  /** The group was divided (anew). Called before anything is fetched, with all partitions paused. */
  assigned(partitions: number[], control: PartitionControl): void;
  batch(payload: EachBatchPayload): Promise<void>;
  /** The broker has answered. */
  heard(): void;
}

const REQUEST_TIMEOUT_MS = 10_000;
/**
 * For half a minute a member waits for its broker and stays itself: a broker that comes back then knows it. One that
 * gave up and comes as a new member has to wait until the session of the old one is over.
 */
const RETRY = { retries: 80, initialRetryTime: 50, maxRetryTime: 400, multiplier: 2, factor: 0.2 };
/** How long a fetch waits for records; a partition that goes on again waits up to this long. */
const FETCH_WAIT_MS = 250;
const LEAVE_WITHIN_MS = 6000;
/** A member that has neither fetched nor been heard by its coordinator for so long is stuck within kafkajs. */
const STALLED_AFTER_MS = 30_000;

/**
 * Joins the group, in the background. kafkajs would begin at the group's committed offset, or at an end of the log
 * where there is none: so every partition is paused as it is assigned, and goes on only from where its cursor says.
 */
export function joinGroup<E>(
  options: KafkaOptions,
  settings: Settings<E>,
  events: MembershipEvents,
): Membership {
  const { topic, rebalanceTimeoutMs } = settings;
  const client = createClient(options, {
    requestTimeoutMs: REQUEST_TIMEOUT_MS,
    // A join is answered when the last member has joined, or its time is over.
    silenceMs: Math.max(REQUEST_TIMEOUT_MS, rebalanceTimeoutMs + 5000),
    retry: RETRY,
  });
  const consumer = client.kafka.consumer(consumerConfig(settings));
  const ended = Promise.withResolvers<Error>();
  const stalledMs = Math.max(STALLED_AFTER_MS, 2 * rebalanceTimeoutMs);
  const stopWatching = watchProgress(consumer, stalledMs, ended.resolve);
  const control = controlOf(consumer, topic, options);
  let left = false;

  consumer.on(consumer.events.GROUP_JOIN, ({ payload }) => {
    const partitions = payload.memberAssignment[topic] ?? [];
    consumer.pause([{ topic, partitions }]);
    events.assigned(partitions, control);
  });
  const { FETCH, HEARTBEAT, GROUP_JOIN } = consumer.events;
  for (const event of [FETCH, HEARTBEAT, GROUP_JOIN]) consumer.on(event, events.heard);
  consumer.on(consumer.events.CRASH, ({ payload }) => ended.resolve(payload.error));

  const join = async () => {
    await consumer.connect();
    if (!left) await consumer.subscribe({ topics: [topic], fromBeginning: true });
    if (left) return;
    await consumer.run({
      autoCommit: false,
      eachBatchAutoResolve: false,
      partitionsConsumedConcurrently: settings.concurrency,
      eachBatch: events.batch,
    });
  };
  join().catch(ended.resolve);

  return {
    ended: ended.promise,
    leave: async () => {
      left = true;
      stopWatching();
      try {
        await within(LEAVE_WITHIN_MS, "leaving the group", consumer.disconnect());
      } finally {
        client.sever("the group was left");
      }
    },
  };
}

const consumerConfig = <E>(settings: Settings<E>) => ({
  groupId: settings.group,
  sessionTimeout: settings.sessionTimeoutMs,
  heartbeatInterval: settings.heartbeatIntervalMs,
  rebalanceTimeout: settings.rebalanceTimeoutMs,
  maxWaitTimeInMs: FETCH_WAIT_MS,
  allowAutoTopicCreation: false,
  // A member that crashed is replaced by a new one, with connections of its own.
  retry: { ...RETRY, restartOnFailure: () => Promise.resolve(false) },
});

/** A membership may have ended while a partition still asks for something: that is then of no consequence. */
function controlOf(consumer: Consumer, topic: string, { log }: KafkaOptions): PartitionControl {
  const attempt = (what: string, act: () => void) => {
    try {
      act();
    } catch (error) {
      log.debug({ err: error, topic }, `${what} after the end of a membership`);
    }
  };
  return {
    seek: (partition, offset) =>
      attempt("a seek", () => consumer.seek({ topic, partition, offset: String(offset) })),
    pause: (partition) => attempt("a pause", () => consumer.pause([{ topic, partitions: [partition] }])),
    resume: (partition) => attempt("a resume", () => consumer.resume([{ topic, partitions: [partition] }])),
    commit: async (partition, next) => {
      try {
        await consumer.commitOffsets([{ topic, partition, offset: String(next) }]);
      } catch (error) {
        log.debug({ err: error, topic, partition }, "the group could not be told where it is");
      }
    },
  };
}

/** Returns the function that ends the watch. */
function watchProgress(consumer: Consumer, limitMs: number, stalled: (error: Error) => void): () => void {
  let seenAt = performance.now();
  const seen = () => {
    seenAt = performance.now();
  };
  consumer.on(consumer.events.FETCH_START, seen);
  consumer.on(consumer.events.HEARTBEAT, seen);
  consumer.on(consumer.events.GROUP_JOIN, seen);
  const timer = setInterval(() => {
    if (performance.now() - seenAt > limitMs) stalled(new Error(`no sign of life for ${limitMs} ms`));
  }, limitMs / 10);
  timer.unref();
  return () => clearInterval(timer);
}
