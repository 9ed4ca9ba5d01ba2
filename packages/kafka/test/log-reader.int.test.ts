import { createLogReader } from "@waitlist/kafka";
import { describe, expect, it } from "vitest";
import { texts, write } from "./history-support.ts";
import { appenderFor, createTopic, kafkaOptions } from "./support.ts";

describe("a reader of the log", () => {
  it("reads from any offset on, within a batch too, and nothing at the end", async () => {
    const topic = await createTopic(2);
    const before = Date.now();
    await write(topic, 1, texts(0, 20));
    const reader = createLogReader(kafkaOptions());
    const read = async (from: number) =>
      (await reader.read({ topic, partition: 1, from })).map(({ value }) => value?.toString());
    expect(await read(0)).toEqual(texts(0, 20));
    expect(await read(7)).toEqual(texts(7, 20));
    expect(await read(20)).toEqual([]);
    const [first] = await reader.read({ topic, partition: 1, from: 3 }, 1);
    expect(first).toMatchObject({ offset: 3, key: "list", headers: {} });
    expect(first?.timestamp).toBeGreaterThanOrEqual(before);
    await reader.close();
  });

  it("tells headers, and goes on after a place that isn't there", async () => {
    const topic = await createTopic(1);
    const appender = appenderFor();
    const headers = { cause: "no JSON" };
    await appender.append({ topic, partition: 0, key: "k", value: Buffer.from("v"), headers });
    await appender.close();
    const reader = createLogReader(kafkaOptions());
    await expect(reader.read({ topic, partition: 0, from: 5 })).rejects.toThrow();
    await expect(reader.read({ topic: "nowhere", partition: 0, from: 0 })).rejects.toThrow();
    expect(await reader.read({ topic, partition: 0, from: 0 })).toMatchObject([{ key: "k", headers }]);
    await reader.close();
  });
});
