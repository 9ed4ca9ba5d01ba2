// Reads records at given offsets, without a group: for looking at a log, not for following it.
import type { Kafka, KafkaMessage } from "kafkajs";
import { createAdminClient } from "./admin.ts";
import { type Client, createClient, type KafkaOptions } from "./client.ts";
import { textHeaders } from "./headers.ts";
import { type LogBounds, readLogBounds } from "./history/cursor-fit.ts";
import { within } from "./waiting.ts";

export interface LogRecord {
  offset: number;
  /** The broker's time of appending, in milliseconds. */
  timestamp: number;
  key: string;
  value: Buffer | null;
  headers: Record<string, string>;
}

export interface LogPlace {
  topic: string;
  partition: number;
  /** Offset of the first record that is asked for. */
  from: number;
}

export interface LogReader {
  /**
   * The records from an offset on, in order: one at least where the log has one, and no more than about `maxBytes` of
   * them. Throws where the offset is outside the log, or no broker answers.
   */
  read(place: LogPlace, maxBytes?: number): Promise<LogRecord[]>;
  /** Throws where there is no such partition, or no broker answers. */
  bounds(topic: string, partition: number): Promise<LogBounds>;
  close(): Promise<void>;
}

/** What of kafkajs's inner cluster is used; its public API fetches for members of a group alone. */
interface Cluster {
  connect(): Promise<void>;
  disconnect(): Promise<void>;
  addTargetTopic(topic: string): Promise<void>;
  findLeaderForPartitions(topic: string, partitions: number[]): Record<string, number[]>;
  findBroker(node: { nodeId: string }): Promise<{ fetch(request: object): Promise<FetchResponse> }>;
}
interface FetchResponse {
  responses: { partitions: { messages: KafkaMessage[] }[] }[];
}

const CREATE_CLUSTER = "private:Kafka:createCluster";
const ANSWER_WITHIN_MS = 5000;
const MAX_BYTES = 1024 * 1024;

/** Connects at the first read; after any failure the next one gets a new connection. */
export function createLogReader(options: KafkaOptions): LogReader {
  const admin = createAdminClient(options);
  let current: { client: Client; cluster: Promise<Cluster> } | undefined;

  const open = () => {
    const limits = { requestTimeoutMs: ANSWER_WITHIN_MS, silenceMs: ANSWER_WITHIN_MS };
    const client = createClient(options, limits);
    const cluster = clusterOf(client.kafka);
    return { client, cluster: cluster.connect().then(() => cluster) };
  };

  return {
    read: async (place, maxBytes = MAX_BYTES) => {
      current ??= open();
      const mine = current;
      try {
        const answer = mine.cluster.then((cluster) => fetchFrom(cluster, place, maxBytes));
        return await within(ANSWER_WITHIN_MS, "reading the log", answer);
      } catch (error) {
        if (current === mine) current = undefined;
        mine.client.sever("reading the log failed");
        throw error;
      }
    },
    bounds: (topic, partition) => readLogBounds(admin, topic, partition),
    close: async () => {
      const last = current;
      current = undefined;
      await admin.close();
      if (!last) return;
      try {
        const ended = last.cluster.then((cluster) => cluster.disconnect());
        await within(ANSWER_WITHIN_MS, "disconnecting a reader of the log", ended);
      } finally {
        last.client.sever("the reader of the log is closed");
      }
    },
  };
}

/** As kafkajs (2.2.4) makes them for its own producers and consumers. */
function clusterOf(kafka: Kafka): Cluster {
  const key = Object.getOwnPropertySymbols(kafka).find(({ description }) => description === CREATE_CLUSTER);
  const create = key && (kafka as unknown as Record<symbol, (options: object) => Cluster>)[key];
  if (!create) throw new Error("this release of kafkajs is another one than packages/kafka was written for");
  return create({ allowAutoTopicCreation: false });
}

async function fetchFrom(cluster: Cluster, place: LogPlace, maxBytes: number): Promise<LogRecord[]> {
  const { topic, partition, from } = place;
  await cluster.addTargetTopic(topic);
  const [nodeId] = Object.keys(cluster.findLeaderForPartitions(topic, [partition]));
  if (nodeId === undefined) throw new Error(`partition ${partition} of ${topic} has no leader`);
  const broker = await cluster.findBroker({ nodeId });
  const { responses } = await broker.fetch({
    maxWaitTime: 0,
    minBytes: 0,
    maxBytes,
    topics: [{ topic, partitions: [{ partition, fetchOffset: String(from), maxBytes }] }],
  });
  // The broker sends whole batches: the first one may begin earlier.
  return responses
    .flatMap(({ partitions }) => partitions.flatMap(({ messages }) => messages.map(toRecord)))
    .filter(({ offset }) => offset >= from);
}

const toRecord = ({ offset, timestamp, key, value, headers }: KafkaMessage): LogRecord => ({
  offset: Number(offset),
  timestamp: Number(timestamp),
  key: key?.toString() ?? "",
  value,
  headers: textHeaders(headers),
});
