// Three brokers of one cluster on this machine, for tests of what happens when one of them dies.
import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { freePort, LOOPBACK, releasePorts } from "../ports.ts";
import { kafkaAnswers } from "../probe.ts";
import { supervise } from "../process/supervise.ts";
import type { OnEvent, SupervisedProcess } from "../types.ts";
import { kafkaArchive } from "./class-data.ts";
import { type ClusterPlace, type KafkaPorts, kafkaArgs } from "./kafka.ts";
import { prepare } from "./prepare.ts";

const IDS = [1, 2, 3];

/** What the docs advise for production: a record is acknowledged when two of its three replicas have it. */
const CLUSTER_SETTINGS = {
  "default.replication.factor": 3,
  "min.insync.replicas": 2,
  "offsets.topic.replication.factor": 3,
  "transaction.state.log.replication.factor": 3,
  "transaction.state.log.min.isr": 2,
  "share.coordinator.state.topic.replication.factor": 3,
  "share.coordinator.state.topic.min.isr": 2,
};

export interface KafkaCluster {
  /** host:port of all three, separated by commas. */
  brokers: string;
  /** Ends a broker (1 to 3) with SIGKILL; resolves when it is gone. It is not started again by itself. */
  kill(id: number): Promise<void>;
  /** Starts a broker that was killed, on its data and ports; resolves when it answers. */
  start(id: number): Promise<void>;
  stop(): Promise<void>;
}

export interface KafkaClusterOptions {
  /** The folder for data and logs. */
  home: string;
  env: NodeJS.ProcessEnv;
  onEvent?: OnEvent;
}

/**
 * Starts three brokers, each also one of the cluster's controllers, and answers when all of them do.
 * @throws BackingError whose message is one sentence for the person at the terminal
 */
export async function startKafkaCluster(options: KafkaClusterOptions): Promise<KafkaCluster> {
  const { home, env, onEvent = () => undefined } = options;
  const say = (message: string) => onEvent({ name: "embedded", kind: "progress", message });
  const prepared = await prepare(env, say);
  const archive = await kafkaArchive(prepared, env, say);
  const ports = new Map<number, KafkaPorts>();
  for (const id of IDS) ports.set(id, { broker: await freePort(0), controller: await freePort(0) });
  const voters = [...ports].map(([id, { controller }]) => `${id}@${LOOPBACK}:${controller}`).join();
  const clusterId = createClusterId();
  const running = new Map<number, SupervisedProcess>();

  const portsOf = (id: number): KafkaPorts => {
    const own = ports.get(id);
    if (!own) throw new Error(`there is no broker ${id}`);
    return own;
  };
  const start = async (id: number) => {
    const name = `kafka-${id}`;
    const own = portsOf(id);
    const place: ClusterPlace = {
      clusterId,
      settings: { ...CLUSTER_SETTINGS, "node.id": id, "controller.quorum.voters": voters },
    };
    const process = await supervise({
      name,
      command: prepared.java.tool("java"),
      args: await kafkaArgs(join(home, name), own, prepared, archive, place),
      env: env as Record<string, string>,
      logFile: join(home, "logs", `${name}.log`),
      pidFile: join(home, "run", `${name}.pid`),
      ready: () => kafkaAnswers(own.broker),
      restart: false,
      onEvent,
    });
    running.set(id, process);
  };
  const end = async (id: number, how: "SIGKILL" | "SIGTERM") => {
    const process = running.get(id);
    running.delete(id);
    if (how === "SIGKILL") process?.kill(how);
    await process?.stop();
  };
  const stop = async () => {
    await Promise.all([...running.keys()].map((id) => end(id, "SIGTERM")));
    await releasePorts([...ports.values()].flatMap((own) => Object.values(own)));
  };

  // None of them answers before two controllers have found each other.
  const started = await Promise.allSettled(IDS.map(start));
  const failure = started.find((one) => one.status === "rejected");
  if (failure) {
    await stop();
    throw failure.reason;
  }
  return {
    brokers: IDS.map((id) => `${LOOPBACK}:${portsOf(id).broker}`).join(),
    kill: (id) => end(id, "SIGKILL"),
    start,
    stop,
  };
}

/** Never with a dash in front, which the formatting tool would take for an option. */
const createClusterId = () => Buffer.concat([Buffer.from("waitlist"), randomBytes(8)]).toString("base64url");
