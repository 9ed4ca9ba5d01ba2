// What the integration tests share: brokers, a silent log, topics of their own, cursors in memory.
import {
  type Appender,
  type AppenderOptions,
  type Cursor,
  type CursorStore,
  createAppender,
  type Decoded,
  ensureTopics,
  type KafkaOptions,
  type Log,
} from "@waitlist/kafka";
import { uniqueName } from "@waitlist/testing";
import { inject } from "vitest";

const brokers = (process.env.KAFKA_BROKERS ?? inject("backing").kafka).split(",");
const quiet = () => undefined;
const silentLog: Log = { debug: quiet, info: quiet, warn: quiet, error: quiet };

export const kafkaOptions = (more: Partial<KafkaOptions> = {}): KafkaOptions => ({
  brokers,
  clientId: "kafka-test",
  log: silentLog,
  ...more,
});

export async function createTopic(partitions: number, config: Record<string, string> = {}): Promise<string> {
  const name = uniqueName("history");
  const logAppendTime = { "message.timestamp.type": "LogAppendTime" };
  await ensureTopics(kafkaOptions(), [{ name, partitions, config: { ...logAppendTime, ...config } }]);
  return name;
}

export const appenderFor = (more: Partial<KafkaOptions & AppenderOptions> = {}): Appender =>
  createAppender({ ...kafkaOptions(), ...more });

/** A record of these tests: its value is the text. */
export const textRecord = (topic: string, partition: number, text: string) => ({
  topic,
  partition,
  key: "list",
  value: Buffer.from(text),
});

export const decodeText = (value: Buffer | null): Decoded<string> => ({
  kind: "event",
  event: value?.toString() ?? "",
});

export interface MemoryCursors extends CursorStore {
  saved: Map<number, Cursor>;
}

export function memoryCursors(saved = new Map<number, Cursor>()): MemoryCursors {
  return {
    saved,
    load: async (partition) => saved.get(partition) ?? null,
    advance: async (partition, from, to) => {
      if ((saved.get(partition)?.next ?? null) !== (from?.next ?? null)) return false;
      saved.set(partition, to);
      return true;
    },
  };
}
