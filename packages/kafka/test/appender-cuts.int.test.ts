// The worst moment: the broker has written a batch, and its answer is lost with the connection.
import { createFaultProxy, eventually } from "@waitlist/testing";
import kafkajs from "kafkajs";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { readLog } from "./read-log.ts";
import { appenderFor, createTopic, kafkaOptions, textRecord } from "./support.ts";

const PRODUCE = 0;
const CALLERS = 50;

describe("with connections cut as produce answers arrive", () => {
  let proxy: ReturnType<typeof createFaultProxy>;
  beforeEach(() => {
    proxy = createFaultProxy();
  });
  afterEach(() => proxy.close());

  /** Many callers, each with one append after the other, until `enough`; gives what was acknowledged, in order. */
  const appendUntil = async (
    enough: () => boolean,
    append: (text: string, caller: number) => Promise<void>,
  ) => {
    const acknowledged: string[][] = [];
    const call = async (caller: number) => {
      const mine: string[] = [];
      acknowledged[caller] = mine;
      for (let n = 0; !enough(); n += 1) {
        const text = `${caller}/${n}`;
        const [{ status }] = await Promise.allSettled([append(text, caller)]);
        // A record that is not acknowledged promises nothing; the event loop must turn before the next is tried.
        if (status === "fulfilled") mine.push(text);
        else await new Promise((resolve) => setImmediate(resolve));
      }
    };
    await Promise.all(Array.from({ length: CALLERS }, (_, caller) => call(caller)));
    return acknowledged;
  };

  it.each([
    { abrupt: false, how: "ended" },
    { abrupt: true, how: "reset" },
  ])(
    "an appender loses no acknowledged record and keeps their order (connections $how)",
    async ({ abrupt }) => {
      const cuts = 30;
      const topic = await createTopic(2);
      const appender = appenderFor({
        socketFactory: proxy.socketFactory,
        warm: { topic, partitions: 2 },
        deadlineMs: 20_000,
      });
      await eventually(() => expect(appender.ready()).toBe(true));
      proxy.cutAnswers({ api: PRODUCE, oneIn: 4, times: cuts, abrupt });
      const places = new Map<string, { partition: number; offset: number; repeated: boolean }>();
      const acknowledged = await appendUntil(
        () => proxy.cuts() >= cuts,
        async (text, caller) => {
          places.set(text, await appender.append(textRecord(topic, caller % 2, text)));
        },
      );
      await appender.close();

      const log = await readLog(topic);
      expect(acknowledged.flat().length).toBeGreaterThan(2000);
      for (const [text, { partition, offset, repeated }] of places) {
        expect(log[partition]?.[offset]).toBe(text);
        if (!repeated) expect(log[partition]?.indexOf(text)).toBe(offset);
      }
      acknowledged.forEach((texts, caller) => {
        const mine = new Set((log[caller % 2] ?? []).filter((text) => text.startsWith(`${caller}/`)));
        expect([...mine].filter((text) => places.has(text))).toEqual(texts);
      });
    },
  );

  it("an appender writes with a new producer after a failure: the next record is no repetition to the broker", async () => {
    const topic = await createTopic(1);
    const appender = appenderFor({ socketFactory: proxy.socketFactory });
    await appender.append(textRecord(topic, 0, "before"));
    // As many as kafkajs tries, and one more.
    proxy.cutAnswers({ api: PRODUCE, oneIn: 1, times: 5 });
    const given = appender.append({ ...textRecord(topic, 0, "given up"), deadlineMs: 200 });
    await expect(given).rejects.toMatchObject({ outcome: "unknown" });
    const next = await appender.append(textRecord(topic, 0, "next"));
    const last = await appender.append(textRecord(topic, 0, "last"));
    await appender.close();

    const [log] = await readLog(topic);
    expect(proxy.cuts()).toBe(5);
    expect(log?.[next.offset]).toBe("next");
    expect(log?.[last.offset]).toBe("last");
  });

  it("control: kafkajs's idempotent producer, used concurrently, loses acknowledged records", async () => {
    const topic = await createTopic(1);
    const client = new kafkajs.Kafka({
      brokers: kafkaOptions().brokers,
      socketFactory: proxy.socketFactory,
      logLevel: kafkajs.logLevel.NOTHING,
      retry: { initialRetryTime: 50, maxRetryTime: 200 },
    });
    const producer = client.producer({ idempotent: true, createPartitioner: () => () => 0 });
    await producer.connect();
    proxy.cutAnswers({ api: PRODUCE, oneIn: 40 });
    const acknowledged = await appendUntil(
      () => proxy.cuts() >= 10,
      async (text) => {
        await producer.send({ topic, messages: [{ key: "list", value: text }] });
      },
    );
    proxy.stopCutting();
    await producer.disconnect();

    const written = new Set((await readLog(topic))[0]);
    expect(acknowledged.flat().filter((text) => !written.has(text)).length).toBeGreaterThan(0);
  });
});
