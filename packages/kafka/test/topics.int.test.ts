import { ensureTopics, TopicGone, TopicTooSmall } from "@waitlist/kafka";
import { uniqueName } from "@waitlist/testing";
import { describe, expect, it } from "vitest";
import { kafkaOptions } from "./support.ts";

describe("topics", () => {
  it("are created with their settings, and left alone when they are as they should be", async () => {
    const topic = { name: uniqueName("topic"), partitions: 3, config: { "retention.ms": "100000" } };
    const report = { name: topic.name, partitions: 3, altered: [] };
    expect(await ensureTopics(kafkaOptions(), [topic])).toEqual([{ ...report, created: true }]);
    expect(await ensureTopics(kafkaOptions(), [topic])).toEqual([{ ...report, created: false }]);
  });

  it("get the settings that they should have, and keep those that nobody named", async () => {
    const name = uniqueName("topic");
    const before = { "retention.ms": "100000", "segment.ms": "50000" };
    await ensureTopics(kafkaOptions(), [{ name, partitions: 1, config: before }]);
    const [report] = await ensureTopics(kafkaOptions(), [
      { name, partitions: 1, config: { "retention.ms": "200000" } },
    ]);
    expect(report?.altered).toEqual(["retention.ms"]);
    const after = { "retention.ms": "200000", "segment.ms": "50000" };
    const [last] = await ensureTopics(kafkaOptions(), [{ name, partitions: 1, config: after }]);
    expect(last?.altered).toEqual([]);
  });

  it("whose records were read before are not made anew: that would be another history", async () => {
    const name = uniqueName("topic");
    const topic = { name, partitions: 1, config: {} };
    await expect(ensureTopics(kafkaOptions(), [{ ...topic, wasRead: true }])).rejects.toThrow(TopicGone);
    // It was not made in spite of the error, either.
    expect(await ensureTopics(kafkaOptions(), [topic])).toMatchObject([{ name, created: true }]);
    expect(await ensureTopics(kafkaOptions(), [{ ...topic, wasRead: true }])).toMatchObject([{ name }]);
  });

  it("never get further partitions: having too few is an error, having more is reported", async () => {
    const name = uniqueName("topic");
    await ensureTopics(kafkaOptions(), [{ name, partitions: 2, config: {} }]);
    await expect(ensureTopics(kafkaOptions(), [{ name, partitions: 3, config: {} }])).rejects.toThrow(
      TopicTooSmall,
    );
    const [report] = await ensureTopics(kafkaOptions(), [{ name, partitions: 1, config: {} }]);
    expect(report).toMatchObject({ partitions: 2, altered: [] });
  });
});
