import { createFaultProxy, eventually } from "@waitlist/testing";
import { describe, expect, it } from "vitest";
import { consumerFor, reached, recorder, texts, write } from "./history-support.ts";
import { createTopic, memoryCursors } from "./support.ts";

const FETCH = 1;
/** The shortest that a broker's default settings allow, in milliseconds. */
const SHORTEST_SESSION = 6000;

describe("a history consumer", () => {
  it.each(["load", "takeOver", "apply", "advance", "dead letters"] as const)(
    "pauses while %s fails, sets nothing aside for it, and then takes everything",
    async (what) => {
      const topic = await createTopic(1);
      await write(topic, 0, texts(0, 10));
      const cursors = memoryCursors();
      const handler = recorder();
      let failures = 3;
      const failing = async (name: string): Promise<void> => {
        if (name !== what || failures === 0) return;
        failures -= 1;
        throw new Error("away");
      };
      const setAside: string[] = [];
      const consumer = consumerFor({
        topic,
        maxRecords: 4,
        cursors: {
          load: async (partition) => {
            await failing("load");
            return await cursors.load(partition);
          },
          advance: async (partition, from, to) => {
            await failing("advance");
            return await cursors.advance(partition, from, to);
          },
        },
        handler: {
          takeOver: async (partition, next) => {
            await failing("takeOver");
            await handler.takeOver(partition, next);
          },
          apply: async (batch) => {
            await failing("apply");
            await handler.apply(batch);
          },
        },
        decode: (value) =>
          value?.toString() === "t5"
            ? { kind: "poison", cause: "a five" }
            : { kind: "event", event: value?.toString() ?? "" },
        deadLetters: {
          topic: "none",
          appender: {
            appendAll: async (requests) => {
              await failing("dead letters");
              setAside.push(...requests.map(({ key }) => key));
              return [];
            },
          },
        },
      });
      consumer.start();
      await reached(cursors, 0, 10);
      await consumer.stop();

      expect(failures).toBe(0);
      expect([...new Set(handler.taken.get(0))]).toEqual(texts(0, 10).filter((text) => text !== "t5"));
      expect([...new Set(setAside)]).toEqual(["0:5"]);
    },
  );

  // These two wait for the same time to pass.
  it.concurrent("shows an outage and stays in its group, however long it lasts", async () => {
    const topic = await createTopic(2);
    await write(topic, 0, texts(0, 10));
    const cursors = memoryCursors();
    const handler = recorder();
    let away = true;
    const startedAt = performance.now();
    const consumer = consumerFor({
      topic,
      cursors,
      sessionTimeoutMs: SHORTEST_SESSION,
      handler: {
        ...handler,
        apply: async (batch) => {
          if (away) throw new Error("away");
          await handler.apply(batch);
        },
      },
    });
    consumer.start();
    await eventually(() => {
      expect(consumer.state()[0]?.paused).toMatchObject({ kind: "outage" });
      expect(performance.now() - startedAt).toBeGreaterThan(SHORTEST_SESSION + 1500);
    });
    away = false;
    await reached(cursors, 0, 10);
    await consumer.stop();

    // A member that was given up takes all its partitions over again; the one without an outage was not.
    expect(handler.takenOver.filter(({ partition }) => partition === 1)).toHaveLength(1);
    expect(handler.taken.get(0)).toEqual(texts(0, 10));
  });

  it.concurrent("stays in its group while one batch takes longer than a session", async () => {
    const topic = await createTopic(2);
    await write(topic, 0, texts(0, 10));
    const cursors = memoryCursors();
    const handler = recorder();
    const startedAt = performance.now();
    const consumer = consumerFor({
      topic,
      cursors,
      sessionTimeoutMs: SHORTEST_SESSION,
      handler: {
        ...handler,
        apply: async (batch) => {
          await eventually(() =>
            expect(performance.now() - startedAt).toBeGreaterThan(SHORTEST_SESSION + 1500),
          );
          await handler.apply(batch);
        },
      },
    });
    consumer.start();
    await reached(cursors, 0, 10);
    await consumer.stop();

    expect(handler.takenOver).toHaveLength(2);
    expect(handler.taken.get(0)).toEqual(texts(0, 10));
  });

  it("isn't heard while its broker is silent, and is again", async () => {
    const proxy = createFaultProxy();
    const topic = await createTopic(1);
    await write(topic, 0, texts(0, 10));
    const cursors = memoryCursors();
    const consumer = consumerFor({
      ...{ topic, cursors, socketFactory: proxy.socketFactory },
      ...{ sessionTimeoutMs: SHORTEST_SESSION, rebalanceTimeoutMs: SHORTEST_SESSION },
    });
    consumer.start();
    await reached(cursors, 0, 10);
    expect(consumer.isHeard()).toBe(true);
    proxy.unreachable(true);
    await eventually(() => expect(consumer.isHeard()).toBe(false), 30_000);
    proxy.unreachable(false);
    await eventually(() => expect(consumer.isHeard()).toBe(true), 30_000);
    await consumer.stop();
    await proxy.close();
  });

  it.each([{ abrupt: true }, { abrupt: false }])(
    "takes every record once and in order while its connections are cut amid answers (abrupt: $abrupt)",
    async ({ abrupt }) => {
      const proxy = createFaultProxy();
      const topic = await createTopic(2);
      const all = texts(0, 3000);
      await Promise.all([write(topic, 0, all), write(topic, 1, all)]);
      const cursors = memoryCursors();
      const handler = recorder();
      const consumer = consumerFor({
        topic,
        cursors,
        maxRecords: 100,
        sessionTimeoutMs: SHORTEST_SESSION,
        socketFactory: proxy.socketFactory,
        handler: {
          takeOver: async () => undefined,
          apply: async (batch) => {
            // Not before it is a member: a join that is cut off leaves a member behind that others must wait for.
            if (handler.taken.size === 0) proxy.cutAnswers({ oneIn: 3, times: 15, abrupt });
            await handler.apply(batch);
          },
        },
      });
      consumer.start();
      await reached(cursors, 0, 3000, 40_000);
      await reached(cursors, 1, 3000, 40_000);
      const cuts = proxy.cuts();
      expect(cuts).toBeGreaterThan(3);
      proxy.cutAnswers({ oneIn: 1, times: 3, api: FETCH, abrupt });
      await eventually(() => expect(proxy.cuts()).toBe(cuts + 3));
      await write(topic, 0, ["last"]);
      await reached(cursors, 0, 3001);
      await consumer.stop();
      await proxy.close();

      expect([...new Set(handler.taken.get(0))]).toEqual([...all, "last"]);
      expect([...new Set(handler.taken.get(1))]).toEqual(all);
    },
  );
});
