import {
  type Appender,
  createHistoryConsumer,
  type HistoryConsumer,
  type HistoryHandler,
  type HistoryOptions,
  type KafkaOptions,
} from "@waitlist/kafka";
import { eventually, uniqueName } from "@waitlist/testing";
import { expect } from "vitest";
import {
  appenderFor,
  decodeText,
  kafkaOptions,
  type MemoryCursors,
  memoryCursors,
  textRecord,
} from "./support.ts";

/** A handler that keeps what it was given; what it kept of a partition is forgotten as that is taken over. */
export interface Recorder extends HistoryHandler<string> {
  taken: Map<number, string[]>;
  takenOver: { partition: number; next: number }[];
}

export function recorder(): Recorder {
  const taken = new Map<number, string[]>();
  const takenOver: { partition: number; next: number }[] = [];
  return {
    taken,
    takenOver,
    takeOver: async (partition, next) => {
      takenOver.push({ partition, next });
    },
    apply: async ({ partition, records }) => {
      taken.set(partition, [...(taken.get(partition) ?? []), ...records.map(({ event }) => event)]);
    },
  };
}

export const noDeadLetters = { appender: { appendAll: async () => [] }, topic: "none" };

type Options = Partial<HistoryOptions<string> & KafkaOptions> & { topic: string };

export const consumerFor = (options: Options): HistoryConsumer =>
  createHistoryConsumer<string>({
    ...kafkaOptions(),
    group: uniqueName("group"),
    decode: decodeText,
    cursors: memoryCursors(),
    handler: recorder(),
    deadLetters: noDeadLetters,
    backoff: { firstMs: 20, maxMs: 200 },
    onFatal: (error) => {
      throw error;
    },
    ...options,
  });

export async function write(
  topic: string,
  partition: number,
  texts: string[],
  appender?: Appender,
): Promise<void> {
  const writer = appender ?? appenderFor();
  await writer.appendAll(texts.map((text) => textRecord(topic, partition, text)));
  if (!appender) await writer.close();
}

export const texts = (from: number, to: number): string[] =>
  Array.from({ length: to - from }, (_, index) => `t${from + index}`);

/** Waits until the cursor of the partition is at `next`. */
export const reached = (cursors: MemoryCursors, partition: number, next: number, timeoutMs?: number) =>
  eventually(() => expect(cursors.saved.get(partition)?.next).toBe(next), timeoutMs);
