import { createHistoryConsumer } from "@waitlist/kafka";
import { eventually, uniqueName } from "@waitlist/testing";
import { decodeText, kafkaOptions, memoryCursors } from "./support.ts";

/** The texts of a topic, by partition, each at its offset. */
export async function readLog(topic: string): Promise<string[][]> {
  const texts: string[][] = [];
  const consumer = createHistoryConsumer({
    ...kafkaOptions(),
    group: uniqueName("reader"),
    topic,
    decode: decodeText,
    cursors: memoryCursors(),
    handler: {
      takeOver: async (partition, next) => {
        texts[partition] = (texts[partition] ?? []).slice(0, next);
      },
      apply: async ({ partition, records }) => {
        texts[partition]?.push(...records.map(({ event }) => event));
      },
    },
    deadLetters: { appender: { appendAll: async () => [] }, topic: "none" },
    onFatal: (error) => {
      throw error;
    },
  });
  consumer.start();
  await eventually(() => {
    const state = consumer.state();
    if (state.length === 0 || state.some(({ next, end }) => next === null || next !== end)) {
      throw new Error("the log is not read yet");
    }
  });
  await consumer.stop();
  return texts;
}
