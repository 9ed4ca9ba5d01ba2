import { AppenderClosed, QueueFull, RecordTooLarge } from "@waitlist/kafka";
import { Registry } from "@waitlist/runtime";
import { eventually } from "@waitlist/testing";
import { describe, expect, it } from "vitest";
import { readLog } from "./read-log.ts";
import { appenderFor, createTopic, textRecord } from "./support.ts";

const numbers = (count: number) => Array.from({ length: count }, (_, index) => `n${index}`);

async function batches(registry: Registry): Promise<string | undefined> {
  return /waitlist_produce_batch_records_count (\d+)/.exec(await registry.metrics())?.[1];
}

describe("an appender", () => {
  it("writes records in the order of the calls and says where they are", async () => {
    const topic = await createTopic(2);
    const appender = appenderFor();
    const answers = await Promise.all(
      numbers(600).map((text, index) => appender.append(textRecord(topic, index % 2, text))),
    );
    await appender.close();

    const log = await readLog(topic);
    expect(log[0]).toEqual(numbers(600).filter((_, index) => index % 2 === 0));
    answers.forEach((answer, index) => {
      expect(answer).toEqual({ partition: index % 2, offset: Math.floor(index / 2), repeated: false });
    });
  });

  it("puts what arrives while a batch is in flight into one further batch", async () => {
    const topic = await createTopic(1);
    const registry = new Registry();
    const appender = appenderFor({ registry, warm: { topic, partitions: 1 } });
    await eventually(() => expect(appender.ready()).toBe(true));
    const first = appender.append(textRecord(topic, 0, "first"));
    await new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
    await Promise.all([first, ...numbers(100).map((text) => appender.append(textRecord(topic, 0, text)))]);
    await appender.close();

    expect(await batches(registry)).toBe("2");
  });

  it("takes a list of records whole, or not at all when the queue has too little room", async () => {
    const topic = await createTopic(1);
    const appender = appenderFor({ maxQueued: 10 });
    const records = numbers(8).map((text) => textRecord(topic, 0, text));
    const taken = appender.appendAll(records);

    await expect(appender.appendAll(records.slice(0, 3))).rejects.toThrow(QueueFull);
    expect((await taken).map(({ offset }) => offset)).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
    await expect(appender.appendAll(records.slice(0, 3))).resolves.toHaveLength(3);
    await appender.close();
  });

  it("refuses a record that no batch may hold", async () => {
    const appender = appenderFor({ maxBatchBytes: 1000 });
    const record = textRecord("any", 0, "x".repeat(1000));
    await expect(appender.append(record)).rejects.toMatchObject({
      name: "RecordTooLarge",
      outcome: "not-written",
    });
    await appender.close();
  });

  it("splits a batch that is larger than the broker takes, and fails only what is too large by itself", async () => {
    const topic = await createTopic(1, { "max.message.bytes": "2000" });
    const appender = appenderFor();
    const sizes = [900, 900, 3000, 900, 900];
    const answers = await Promise.allSettled(
      sizes.map((size, index) => appender.append(textRecord(topic, 0, `${index}`.repeat(size)))),
    );
    await appender.close();

    expect(answers.map(({ status }) => status)).toEqual([
      "fulfilled",
      "fulfilled",
      "rejected",
      "fulfilled",
      "fulfilled",
    ]);
    expect(answers[2]).toMatchObject({ reason: expect.any(RecordTooLarge) });
    expect((await readLog(topic))[0]?.map((text) => text[0])).toEqual(["0", "1", "3", "4"]);
  });

  it("acknowledges nothing for a partition that the topic doesn't have", async () => {
    const topic = await createTopic(1);
    const appender = appenderFor({ deadlineMs: 600 });
    await expect(appender.append(textRecord(topic, 7, "lost"))).rejects.toMatchObject({
      name: "DeadlineExceeded",
    });
    await expect(appender.append(textRecord(topic, 0, "kept"))).resolves.toMatchObject({ offset: 0 });
    await appender.close();
  });

  it("answers what it has taken before it closes, and takes nothing after that", async () => {
    const topic = await createTopic(1);
    const appender = appenderFor();
    const taken = numbers(50).map((text) => appender.append(textRecord(topic, 0, text)));
    const closed = appender.close();
    await expect(appender.append(textRecord(topic, 0, "late"))).rejects.toThrow(AppenderClosed);
    await closed;
    expect((await Promise.all(taken)).map(({ offset }) => offset)).toEqual(
      numbers(50).map((_, index) => index),
    );
  });
});
