// What operators do to a topic while services run: nothing of it is skipped in silence.
import { ensureTopics, type HistoryError } from "@waitlist/kafka";
import { eventually } from "@waitlist/testing";
import kafkajs, { type Admin } from "kafkajs";
import { describe, expect, it } from "vitest";
import { consumerFor, reached, recorder, texts, write } from "./history-support.ts";
import { createTopic, kafkaOptions, memoryCursors } from "./support.ts";

async function withAdmin(act: (admin: Admin) => Promise<unknown>): Promise<void> {
  const admin = new kafkajs.Kafka({ brokers: kafkaOptions().brokers }).admin();
  await admin.connect();
  await act(admin).finally(() => admin.disconnect());
}

/** The broker forgets a topic a moment after it was told to: it is made anew once it is empty. */
async function recreate(name: string): Promise<void> {
  const config = { "message.timestamp.type": "LogAppendTime" };
  await withAdmin(async (admin) => {
    await admin.deleteTopics({ topics: [name] });
    await eventually(async () => {
      await ensureTopics(kafkaOptions(), [{ name, partitions: 1, config }]);
      expect(await admin.fetchTopicOffsets(name)).toMatchObject([{ high: "0" }]);
    });
  });
}

describe("a topic that is made anew under a running consumer", () => {
  it.each([
    { records: 3, errors: ["CursorBeyondLogEnd"] },
    // Whoever looks while it is still empty sees that it ends before the cursor.
    { records: 15, errors: ["CursorRecordMismatch", "CursorBeyondLogEnd"] },
  ])("stops it, with $records records in it: $errors.0", async ({ records, errors: expected }) => {
    const topic = await createTopic(1);
    await write(topic, 0, texts(0, 10));
    const cursors = memoryCursors();
    const handler = recorder();
    const errors: Error[] = [];
    const consumer = consumerFor({ topic, cursors, handler, onFatal: (fatal) => errors.push(fatal) });
    consumer.start();
    await reached(cursors, 0, 10);
    await recreate(topic);
    await write(topic, 0, texts(100, 100 + records));
    await eventually(() => expect(errors).toHaveLength(1), 40_000);
    await consumer.stop();
    expect(expected).toContain((errors[0] as HistoryError).name);
    expect(errors[0]?.message).toContain("Runbook: docs/runbooks/recreated-topic.md");
    expect(handler.taken.get(0)).toEqual(texts(0, 10));
    expect(cursors.saved.get(0)?.next).toBe(10);
  });
});

describe("partitions that were added", () => {
  it("move nobody, and stand still with an explanation where somebody writes to them", async () => {
    const topic = await createTopic(1);
    await withAdmin((admin) => admin.createPartitions({ topicPartitions: [{ topic, count: 2 }] }));
    const cursors = memoryCursors();
    const handler = recorder();
    const consumer = consumerFor({ topic, cursors, handler, partitions: 1 });
    consumer.start();
    await write(topic, 0, texts(0, 5));
    await reached(cursors, 0, 5);
    await eventually(() => expect(consumer.state()[1]?.paused).toBeUndefined());

    await write(topic, 1, ["somebody else's"]);
    await eventually(() => {
      expect(consumer.state()[1]?.paused).toMatchObject({
        kind: "foreign",
        cause: expect.stringContaining("Runbook: docs/runbooks/added-partitions.md"),
      });
    });
    await write(topic, 0, texts(5, 9));
    await reached(cursors, 0, 9);
    expect(handler.taken.get(0)).toEqual(texts(0, 9));
    expect(handler.taken.has(1)).toBe(false);
    expect(cursors.saved.has(1)).toBe(false);

    // The runbook's last step: what stands there is removed.
    await withAdmin(async (admin) => {
      await admin.fetchTopicOffsets(topic);
      await admin.deleteTopicRecords({ topic, partitions: [{ partition: 1, offset: "1" }] });
    });
    await eventually(() => expect(consumer.state()[1]?.paused).toBeUndefined());
    await consumer.stop();
  });

  it("are reported as the topic is looked at", async () => {
    const topic = await createTopic(2);
    const warnings: unknown[] = [];
    const log = { ...kafkaOptions().log, warn: (...said: unknown[]) => void warnings.push(said) };
    await ensureTopics({ ...kafkaOptions(), log }, [{ name: topic, partitions: 1, config: {} }]);
    expect(JSON.stringify(warnings)).toContain("docs/runbooks/added-partitions.md");
  });
});

/** A transaction's end takes an offset that no consumer is given: to a history it is a hole, like a removed record. */
async function writeTransaction(topic: string, value: string): Promise<void> {
  const transactionalId = `${topic}-transaction`;
  const client = new kafkajs.Kafka({ brokers: kafkaOptions().brokers, logLevel: kafkajs.logLevel.NOTHING });
  const producer = client.producer({ transactionalId, maxInFlightRequests: 1, idempotent: true });
  await producer.connect();
  const transaction = await producer.transaction();
  await transaction.send({ topic, messages: [{ key: "list", value, partition: 0 }] });
  await transaction.commit();
  await producer.disconnect();
}

describe("a hole in the log", () => {
  it("stops the consumer before the record behind it, after it was looked at again", async () => {
    const topic = await createTopic(1);
    await write(topic, 0, texts(0, 2));
    await writeTransaction(topic, "t2");
    // The end is written a moment after the commit was acknowledged.
    await withAdmin((admin) =>
      eventually(async () => expect(await admin.fetchTopicOffsets(topic)).toMatchObject([{ high: "4" }])),
    );
    await write(topic, 0, ["behind the hole"]);
    const cursors = memoryCursors();
    const handler = recorder();
    const errors: Error[] = [];
    const consumer = consumerFor({ topic, cursors, handler, onFatal: (fatal) => errors.push(fatal) });
    consumer.start();
    await eventually(() => expect(errors).toHaveLength(1), 40_000);
    await consumer.stop();
    expect(errors[0]).toMatchObject({ name: "HistoryGap", partition: 0 });
    expect(errors[0]?.message).toContain("offset 3 is expected, 4 is the next that the broker has");
    expect(errors[0]?.message).toContain("Runbook: docs/runbooks/trimmed-log.md");
    expect(handler.taken.get(0)).toEqual(texts(0, 3));
    expect(cursors.saved.get(0)?.next).toBe(3);
  });
});

describe("an impossible cursor", () => {
  it.each([{ next: -1 }, { next: 1.5 }, { next: "7" }, { next: Number.NaN }, { next: 3, recordId: 7 }])(
    "stops the consumer: %j",
    async (stored) => {
      const topic = await createTopic(1);
      const cursors = memoryCursors(new Map([[0, { recordId: null, ...stored } as never]]));
      const errors: Error[] = [];
      const handler = recorder();
      const consumer = consumerFor({ topic, cursors, handler, onFatal: (fatal) => errors.push(fatal) });
      consumer.start();
      await eventually(() => expect(errors).toHaveLength(1));
      await consumer.stop();
      expect(errors[0]).toMatchObject({ name: "ImpossibleCursor", partition: 0 });
      expect(errors[0]?.message).toContain("Runbook: docs/runbooks/impossible-cursor.md");
      expect(handler.taken.size).toBe(0);
    },
  );
});
