// The brokers and our topics.
import { deadLetterTopic, eventsTopic, GROUPS, type TopicDefinition } from "@waitlist/contracts";
import { type ClusterLook, inspectTopics, type TopicLook } from "@waitlist/kafka";
import { about, type Finding } from "@waitlist/runtime";
import { examineRecordTimes, TOLERATED_MS } from "./clock.ts";
import { silentLog } from "./silent-log.ts";

export interface KafkaSettings {
  KAFKA_BROKERS: string;
  EVENT_PARTITIONS: number;
  TOPIC_PREFIX: string;
}

export async function checkKafka(settings: KafkaSettings): Promise<Finding[]> {
  const { EVENT_PARTITIONS, TOPIC_PREFIX } = settings;
  const { right, wrong, note } = about("Kafka");
  const wanted = [
    eventsTopic(EVENT_PARTITIONS, TOPIC_PREFIX),
    ...Object.values(GROUPS).map((group) => deadLetterTopic(group, TOPIC_PREFIX)),
  ];
  const options = { brokers: settings.KAFKA_BROKERS.split(","), clientId: "doctor", log: silentLog };
  const names = wanted.map(({ name }) => name);
  let cluster: ClusterLook;
  try {
    cluster = await inspectTopics(options, names, Date.now() + TOLERATED_MS);
  } catch {
    // The client's own words would add nothing to it, and may name more than the reader asked for.
    return [wrong("no broker of KAFKA_BROKERS answers.", "Is Kafka running, and reachable from here?")];
  }
  const found = right(`it answers; ${cluster.brokers} broker${cluster.brokers === 1 ? "" : "s"}.`);
  const events = cluster.topics.get(names[0] ?? "");
  const alone =
    cluster.brokers === 1 ? [note("there is one broker, so there is one copy of the history.")] : [];
  return [
    found,
    ...alone,
    ...wanted.flatMap((topic) => examineTopic(topic, cluster.topics.get(topic.name), cluster.brokers)),
    ...(events ? [examineRecordTimes(events.later)] : []),
  ];
}

/** What is wrong with one topic. */
export function examineTopic(
  wanted: TopicDefinition,
  found: TopicLook | undefined,
  brokers: number,
): Finding[] {
  const { right, wrong, note } = about(`Topic ${wanted.name}`);
  if (!found)
    return [
      wrong("it isn't there.", "The services make it when they start: start storage, email and invite."),
    ];
  const findings = [
    ...examinePartitions(wanted, found),
    ...examineConfig(wanted, found),
    ...examineReplicas(found, brokers),
  ];
  if (findings.some(({ state }) => state === "wrong")) return findings;
  const count = found.partitions.length;
  const says = right(
    `it has ${count} partition${count === 1 ? "" : "s"}, and the settings that it should have.`,
  );
  const more =
    count > wanted.partitions ? [note(`only the first ${wanted.partitions} partitions are used.`)] : [];
  return [says, ...more, ...findings];
}

function examinePartitions(wanted: TopicDefinition, { partitions }: TopicLook): Finding[] {
  const { wrong } = about(`Topic ${wanted.name}`);
  if (partitions.length < wanted.partitions) {
    return [
      wrong(
        `it has ${partitions.length} partitions, but EVENT_PARTITIONS says ${wanted.partitions}.`,
        "Set EVENT_PARTITIONS to what the installation was begun with. Don't add partitions: lists would not move.",
      ),
    ];
  }
  const dead = partitions.filter(({ hasLeader }) => !hasLeader).length;
  return dead === 0
    ? []
    : [
        wrong(
          `${dead} partitions have no leader: nothing can be read or written there.`,
          "Start the brokers that are away.",
        ),
      ];
}

function examineConfig(wanted: TopicDefinition, { config }: TopicLook): Finding[] {
  const { wrong } = about(`Topic ${wanted.name}`);
  return Object.entries(wanted.config)
    .filter(([name, value]) => config.get(name) !== value)
    .map(([name, value]) =>
      wrong(
        `${name} is ${config.get(name) ?? "not known"}, and should be ${value}. ${WHY[name] ?? ""}`.trim(),
        "Start one of the services again: it sets what the topic should have.",
      ),
    );
}

const WHY: Record<string, string> = {
  "cleanup.policy": "Compaction would take records out of the history.",
  "retention.ms": "Shorter loses what a service hasn't read yet; longer keeps what should be erased.",
  "segment.ms": "Retention removes whole segments only.",
  "message.timestamp.type": "The broker's clock has to order records as their offsets do.",
};

/** One broker can't replicate; several should. */
function examineReplicas({ name, partitions, config }: TopicLook, brokers: number): Finding[] {
  const { wrong } = about(`Topic ${name}`);
  const replicas = Math.min(...partitions.map((partition) => partition.replicas));
  const least = Number(config.get("min.insync.replicas") ?? 1);
  const behind = partitions.filter(({ replicas: all, inSync }) => inSync < all).length;
  const lagging =
    behind > 0
      ? [wrong(`${behind} partitions have a replica that isn't in sync.`, "Start the brokers that are away.")]
      : [];
  if (brokers < 2) return lagging;
  if (replicas < 2) {
    const says = `there are ${brokers} brokers, but one copy of the history: who is told 202 is lost with that broker.`;
    return [...lagging, wrong(says, "Reassign the partitions to 3 replicas (kafka-reassign-partitions).")];
  }
  if (least < 2) {
    const says = "min.insync.replicas is 1: a record counts as kept that one broker has.";
    return [
      ...lagging,
      wrong(says, `Set it: kafka-configs --alter --topic ${name} --add-config min.insync.replicas=2`),
    ];
  }
  if (least >= replicas) {
    const says = `min.insync.replicas is ${least} of ${replicas} replicas: one broker away stops every signup.`;
    return [...lagging, wrong(says, "Have one replica more than min.insync.replicas.")];
  }
  return lagging;
}
