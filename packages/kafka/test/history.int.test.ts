import { createLagReader } from "@waitlist/kafka";
import { Registry } from "@waitlist/runtime";
import { eventually, uniqueName } from "@waitlist/testing";
import { describe, expect, it } from "vitest";
import { consumerFor, noDeadLetters, reached, recorder, texts, write } from "./history-support.ts";
import { readLog } from "./read-log.ts";
import { appenderFor, createTopic, decodeText, kafkaOptions, memoryCursors } from "./support.ts";

/** Takes what comes before an offset, and nothing after it. */
function failingFrom(offset: number) {
  const taking = recorder();
  return {
    ...taking,
    apply: async (batch: Parameters<typeof taking.apply>[0]) => {
      if (batch.first >= offset) throw new Error("away");
      await taking.apply(batch);
    },
  };
}

describe("a history consumer", () => {
  it("takes each partition's records in order, with the broker's time, in batches of the size asked for", async () => {
    const topic = await createTopic(3);
    const before = Date.now();
    await Promise.all([0, 1, 2].map((partition) => write(topic, partition, texts(0, 25))));
    const cursors = memoryCursors();
    const handler = recorder();
    const sizes: number[] = [];
    const times: number[] = [];
    const consumer = consumerFor({
      topic,
      cursors,
      maxRecords: 10,
      handler: {
        ...handler,
        apply: async (batch) => {
          sizes.push(batch.records.length);
          times.push(...batch.records.map(({ timestamp }) => timestamp));
          await handler.apply(batch);
        },
      },
    });
    consumer.start();
    await Promise.all([0, 1, 2].map((partition) => reached(cursors, partition, 25)));
    expect(consumer.state()).toEqual([0, 1, 2].map((partition) => ({ partition, next: 25, end: 25 })));
    await consumer.stop();

    for (const partition of [0, 1, 2]) expect(handler.taken.get(partition)).toEqual(texts(0, 25));
    expect(Math.max(...sizes)).toBe(10);
    for (const time of times) expect(time).toBeGreaterThanOrEqual(before);
  });

  it.each([
    { cursorAt: 4, what: "behind" },
    { cursorAt: 16, what: "ahead of" },
  ])("resumes from its cursor, $what what the group has committed", async ({ cursorAt }) => {
    const topic = await createTopic(1);
    const group = uniqueName("group");
    await write(topic, 0, texts(0, 10));
    const first = memoryCursors();
    const earlier = consumerFor({ topic, group, cursors: first, maxRecords: 1 });
    earlier.start();
    await reached(first, 0, 10);
    await earlier.stop();
    await write(topic, 0, texts(10, 20));

    const cursors = memoryCursors();
    cursors.saved.set(0, { next: cursorAt, recordId: null });
    const handler = recorder();
    const consumer = consumerFor({ topic, group, cursors, handler });
    consumer.start();
    await reached(cursors, 0, 20);
    await consumer.stop();

    expect(handler.takenOver).toEqual([{ partition: 0, next: cursorAt }]);
    expect(handler.taken.get(0)).toEqual(texts(cursorAt, 20));
  });

  it("tells the group how far it is, for the tools that read lag", async () => {
    const topic = await createTopic(2);
    const group = uniqueName("group");
    await write(topic, 1, texts(0, 12));
    const cursors = memoryCursors();
    const consumer = consumerFor({ topic, group, cursors });
    consumer.start();
    await reached(cursors, 1, 12);
    await consumer.stop();
    const writtenAt = Date.now();
    await write(topic, 1, texts(12, 15));

    const reader = createLagReader(kafkaOptions());
    const lags = await reader.read([group, "nobody"], topic);
    const again = await reader.read([group, "nobody"], topic);
    await reader.close();
    expect(again).toEqual(lags);
    const ofPartition1 = lags.filter(({ partition }) => partition === 1);
    const oldestAt = expect.any(Number);
    expect(ofPartition1).toEqual([
      { group, topic, partition: 1, end: 15, committed: 12, lag: 3, oldestAt },
      { group: "nobody", topic, partition: 1, end: 15, committed: null, lag: 15, oldestAt },
    ]);
    const [ours, nobodys] = ofPartition1.map((lag) => lag.oldestAt ?? 0);
    expect(ours).toBeGreaterThanOrEqual(writtenAt);
    expect(nobodys).toBeLessThan(writtenAt);
    const ofPartition0 = lags.filter(({ partition }) => partition === 0);
    expect(ofPartition0.map(({ lag, oldestAt }) => [lag, oldestAt])).toEqual([
      [0, null],
      [0, null],
    ]);
  });

  it.each([
    { cursorAt: 7, what: "ahead of" },
    { cursorAt: 2, what: "behind" },
  ])("corrects the group's record where its cursor is $what it, with nothing taken", async ({ cursorAt }) => {
    const topic = await createTopic(1);
    const group = uniqueName("group");
    await write(topic, 0, texts(0, 7));
    const earlier = memoryCursors();
    const first = consumerFor({ topic, group, cursors: earlier, maxRecords: 4, handler: failingFrom(4) });
    first.start();
    await reached(earlier, 0, 4);
    await first.stop();

    const cursors = memoryCursors(new Map([[0, { next: cursorAt, recordId: null }]]));
    const second = consumerFor({ topic, group, cursors, handler: failingFrom(0) });
    second.start();
    const reader = createLagReader(kafkaOptions());
    await eventually(async () => {
      expect(await reader.read([group], topic)).toMatchObject([{ committed: cursorAt, lag: 7 - cursorAt }]);
    });
    await reader.close();
    await second.stop();
  });

  it("reads its cursor again when another owner has moved it, and goes on from there", async () => {
    const topic = await createTopic(1);
    await write(topic, 0, texts(0, 10));
    const cursors = memoryCursors();
    const handler = recorder();
    let interfere = true;
    const consumer = consumerFor({
      topic,
      handler,
      maxRecords: 3,
      cursors: {
        ...cursors,
        advance: async (partition, from, to) => {
          if (interfere && to.next === 6) {
            interfere = false;
            cursors.saved.set(0, { next: 8, recordId: null });
          }
          return await cursors.advance(partition, from, to);
        },
      },
    });
    consumer.start();
    await reached(cursors, 0, 10);
    await consumer.stop();

    expect(handler.takenOver.map(({ next }) => next)).toEqual([0, 8]);
    expect(handler.taken.get(0)).toEqual([...texts(0, 6), ...texts(8, 10)]);
  });

  it("sets poison aside once, with its cause, and takes the place of what is only half readable", async () => {
    const topic = await createTopic(1);
    const deadLetters = await createTopic(1);
    await write(topic, 0, ["good", "poison", "half", "good too"]);
    const appender = appenderFor();
    const written: unknown[] = [];
    const cursors = memoryCursors();
    const handler = recorder();
    const registry = new Registry();
    const consumer = consumerFor({
      topic,
      registry,
      group: "storage-of-test",
      cursors,
      handler,
      decode: (value) => {
        const text = decodeText(value);
        if (value?.toString() === "poison") return { kind: "poison", cause: "no JSON" };
        return value?.toString() === "half" ? { ...text, unreadable: "its name" } : text;
      },
      deadLetters: {
        topic: deadLetters,
        appender: {
          appendAll: async (requests) => {
            written.push(...requests.map(({ key, headers }) => ({ key, headers })));
            return await appender.appendAll(requests);
          },
        },
      },
    });
    consumer.start();
    await reached(cursors, 0, 4);
    await consumer.stop();
    await appender.close();

    expect(handler.taken.get(0)).toEqual(["good", "half", "good too"]);
    expect((await readLog(deadLetters))[0]).toEqual(["poison", "half"]);
    const metrics = await registry.metrics();
    expect(metrics).toContain('waitlist_history_dead_letters_total{group="storage-of-test"} 2\n');
    expect(metrics).toContain('waitlist_history_records_total{group="storage-of-test"} 3\n');
    const from = { group: "storage-of-test", topic, partition: "0", key: "list" };
    expect(written).toEqual([
      { key: "0:1", headers: { ...from, offset: "1", bytes: "6", cause: "no JSON" } },
      { key: "0:2", headers: { ...from, offset: "2", bytes: "4", cause: "its name" } },
    ]);
  });

  it("waits before a record that a newer build wrote, and goes on once it can be read", async () => {
    const topic = await createTopic(1);
    await write(topic, 0, ["old", "new", "old too"]);
    const cursors = memoryCursors();
    const handler = recorder();
    let known = false;
    const registry = new Registry();
    const shown = async () =>
      (await registry.metrics()).split("\n").filter((line) => line.startsWith("waitlist_history_paused"));
    const paused = (kind: string, value: number) =>
      `waitlist_history_paused{group="newer-of-test",partition="0",kind="${kind}"} ${value}`;
    const consumer = consumerFor({
      topic,
      registry,
      group: "newer-of-test",
      cursors,
      handler,
      deadLetters: {
        ...noDeadLetters,
        appender: { appendAll: () => Promise.reject(new Error("nothing is to be set aside")) },
      },
      decode: (value) =>
        value?.toString() === "new" && !known
          ? { kind: "unsupported", cause: "a type of tomorrow" }
          : decodeText(value),
    });
    consumer.start();
    await eventually(() => {
      expect(consumer.state()[0]?.paused).toMatchObject({
        kind: "unsupported",
        cause: "offset 1: a type of tomorrow. Runbook: docs/runbooks/newer-events.md",
      });
    });
    expect(cursors.saved.get(0)?.next).toBe(1);
    expect(await shown()).toEqual(expect.arrayContaining([paused("unsupported", 1), paused("outage", 0)]));
    known = true;
    await reached(cursors, 0, 3);
    await eventually(() => expect(consumer.state()[0]?.paused).toBeUndefined());
    expect(await shown()).toEqual(expect.arrayContaining([paused("unsupported", 0), paused("outage", 0)]));
    await consumer.stop();
    expect(handler.taken.get(0)).toEqual(["old", "new", "old too"]);
  });
});
