// A cursor that doesn't fit the log stops the service: going on would skip or repeat history in silence.
import type { HistoryError } from "@waitlist/kafka";
import { eventually } from "@waitlist/testing";
import kafkajs from "kafkajs";
import { describe, expect, it } from "vitest";
import { consumerFor, reached, recorder, texts, write } from "./history-support.ts";
import { createTopic, kafkaOptions, type MemoryCursors, memoryCursors } from "./support.ts";

async function removeBefore(topic: string, offset: number): Promise<void> {
  const admin = new kafkajs.Kafka({ brokers: kafkaOptions().brokers }).admin();
  await admin.connect();
  // kafkajs deletes records only of topics that it has just heard of.
  await admin.fetchTopicOffsets(topic);
  await admin.deleteTopicRecords({ topic, partitions: [{ partition: 0, offset: String(offset) }] });
  await admin.disconnect();
}

async function readAll(topic: string, next: number): Promise<MemoryCursors> {
  const cursors = memoryCursors();
  const consumer = consumerFor({ topic, cursors });
  consumer.start();
  await reached(cursors, 0, next);
  await consumer.stop();
  return cursors;
}

/** The error that a consumer with this cursor stops with; it must have taken nothing. */
async function stopsWith(topic: string, cursors: MemoryCursors): Promise<HistoryError> {
  const errors: Error[] = [];
  const handler = recorder();
  const consumer = consumerFor({ topic, cursors, handler, onFatal: (error) => errors.push(error) });
  consumer.start();
  await eventually(() => expect(errors).toHaveLength(1));
  await consumer.stop();
  expect(handler.taken.size).toBe(0);
  expect(errors).toHaveLength(1);
  return errors[0] as HistoryError;
}

describe("a history consumer stops", () => {
  it("before a log whose beginning is gone, when it has no cursor", async () => {
    const topic = await createTopic(1);
    await write(topic, 0, texts(0, 10));
    await removeBefore(topic, 4);
    const error = await stopsWith(topic, memoryCursors());
    expect(error).toMatchObject({ name: "CursorBeforeLogStart", partition: 0 });
    expect(error.message).toContain("before offset 4 are gone");
  });

  it("when the log's beginning has passed its cursor", async () => {
    const topic = await createTopic(1);
    await write(topic, 0, texts(0, 10));
    await removeBefore(topic, 6);
    const cursors = memoryCursors(new Map([[0, { next: 5, recordId: "of a record" }]]));
    expect(await stopsWith(topic, cursors)).toMatchObject({ name: "CursorBeforeLogStart" });
  });

  it("when its cursor is beyond the log's end", async () => {
    const topic = await createTopic(1);
    await write(topic, 0, texts(0, 10));
    const cursors = memoryCursors(new Map([[0, { next: 11, recordId: "of a record" }]]));
    expect(await stopsWith(topic, cursors)).toMatchObject({ name: "CursorBeyondLogEnd" });
  });

  it("when the last record that it took is another one on this log", async () => {
    const topic = await createTopic(1);
    await write(topic, 0, texts(0, 10));
    const cursors = await readAll(topic, 10);
    const other = await createTopic(1);
    await write(other, 0, texts(100, 112));
    expect(await stopsWith(other, cursors)).toMatchObject({ name: "CursorRecordMismatch" });
  });

  it("and goes on where the last record that it took is the one on the log, or is no longer there", async () => {
    const topic = await createTopic(1);
    await write(topic, 0, texts(0, 10));
    const cursors = await readAll(topic, 10);
    expect((await readAll(topic, 10)).saved).toEqual(cursors.saved);
    for (const remove of [false, true]) {
      if (remove) await removeBefore(topic, cursors.saved.get(0)?.next ?? 0);
      const before = cursors.saved.get(0)?.next ?? 0;
      await write(topic, 0, ["more"]);
      const handler = recorder();
      const consumer = consumerFor({ topic, cursors, handler });
      consumer.start();
      await reached(cursors, 0, before + 1);
      await consumer.stop();
      expect(handler.taken.get(0)).toEqual(["more"]);
    }
  });

  it("when records that it has not taken yet disappear while it reads", async () => {
    const topic = await createTopic(1);
    await write(topic, 0, texts(0, 10));
    const cursors = memoryCursors();
    const errors: Error[] = [];
    let away = true;
    const handler = recorder();
    const consumer = consumerFor({
      topic,
      cursors,
      maxRecords: 5,
      onFatal: (error) => errors.push(error),
      handler: {
        ...handler,
        apply: async (batch) => {
          if (away && batch.first === 5) throw new Error("away");
          await handler.apply(batch);
        },
      },
    });
    consumer.start();
    await reached(cursors, 0, 5);
    await removeBefore(topic, 8);
    away = false;
    await eventually(() => expect(errors[0]).toMatchObject({ name: "CursorBeforeLogStart" }));
    await consumer.stop();
    expect(cursors.saved.get(0)?.next).toBe(5);
  });
});
