import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Launch, LaunchContext } from "../launch.ts";
import { LOOPBACK } from "../ports.ts";
import { kafkaAnswers } from "../probe.ts";
import { jvmArgs } from "./jvm.ts";
import type { Prepared } from "./prepare.ts";

const HEAP_MB = 512;

export interface KafkaPorts {
  broker: number;
  controller: number;
}

/**
 * One broker that is its own controller. What it acknowledges is in the page cache: that outlives a kill -9, not a
 * power cut, against which Kafka's answer is replication and not a flush (so no log.flush.* here).
 */
export const BROKER_SETTINGS = {
  "process.roles": "broker,controller",
  "node.id": 1,
  "controller.listener.names": "CONTROLLER",
  // Topics are made with their settings by those who own them.
  "auto.create.topics.enable": false,
  "offsets.topic.replication.factor": 1,
  "offsets.topic.num.partitions": 8,
  "transaction.state.log.replication.factor": 1,
  "transaction.state.log.min.isr": 1,
  "transaction.state.log.num.partitions": 8,
  "share.coordinator.state.topic.replication.factor": 1,
  "share.coordinator.state.topic.min.isr": 1,
  // The first member of a group needn't wait for others, and tests may let a session end soon.
  "group.initial.rebalance.delay.ms": 0,
  "group.min.session.timeout.ms": 1000,
  // After a kill -9 the broker may register again only when its former session has ended: 9 s by default.
  "broker.session.timeout.ms": 2000,
  "broker.heartbeat.interval.ms": 500,
  "num.network.threads": 2,
  "num.io.threads": 4,
  "num.recovery.threads.per.data.dir": 2,
  // Its default of 128 MB is a quarter of the heap.
  "log.cleaner.dedupe.buffer.size": 16 * 1024 * 1024,
};

/** A broker's place among others. */
export interface ClusterPlace {
  /** The same for all brokers, written at the format: 16 bytes as base64url. */
  clusterId: string;
  /** Over those of the broker that is alone. */
  settings: Record<string, string | number>;
}

/** The content of server.properties for an embedded broker; `own` goes over the settings of one that is alone. */
export function serverProperties(
  dataDir: string,
  ports: KafkaPorts,
  own: ClusterPlace["settings"] = {},
): string {
  const settings = {
    ...BROKER_SETTINGS,
    "controller.quorum.voters": `1@${LOOPBACK}:${ports.controller}`,
    listeners: `PLAINTEXT://${LOOPBACK}:${ports.broker},CONTROLLER://${LOOPBACK}:${ports.controller}`,
    "advertised.listeners": `PLAINTEXT://${LOOPBACK}:${ports.broker}`,
    // A backslash begins an escape in this format.
    "log.dirs": dataDir.replaceAll("\\", "\\\\"),
    ...own,
  };
  return Object.entries(settings)
    .map(([key, value]) => `${key}=${value}\n`)
    .join("");
}

/** Writes the configuration, and answers the arguments for `java` (the first start formats the folder, too). */
export async function kafkaArgs(
  folder: string,
  ports: KafkaPorts,
  prepared: Prepared,
  archive: string | null,
  place?: ClusterPlace,
) {
  const dataDir = join(folder, "data");
  const properties = join(folder, "server.properties");
  await mkdir(folder, { recursive: true });
  await writeFile(properties, serverProperties(dataDir, ports, place?.settings));
  return jvmArgs("KafkaServer", [properties, dataDir, ...(place ? [place.clusterId] : [])], {
    classpath: prepared.classpath,
    heapMb: HEAP_MB,
    archive,
  });
}

export async function planKafka(
  context: LaunchContext,
  prepared: Prepared,
  archive: string | null,
): Promise<Launch> {
  const ports = {
    broker: await context.port("kafka", 9092),
    controller: await context.port("kafkaController", 9093),
  };
  return {
    name: "kafka",
    command: prepared.java.tool("java"),
    args: await kafkaArgs(join(context.home, "kafka"), ports, prepared, archive),
    ports: Object.values(ports),
    urls: { kafka: `${LOOPBACK}:${ports.broker}` },
    ready: () => kafkaAnswers(ports.broker),
  };
}
