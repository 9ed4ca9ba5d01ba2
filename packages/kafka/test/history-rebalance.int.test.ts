// Members come, leave, and vanish without a word while records are written; what they have in common is the cursor.
import type { Cursor, HistoryBatch, HistoryConsumer } from "@waitlist/kafka";
import { createFaultProxy, eventually, type FaultProxy, uniqueName } from "@waitlist/testing";
import { describe, expect, it } from "vitest";
import { consumerFor, write } from "./history-support.ts";
import { appenderFor, createTopic, memoryCursors } from "./support.ts";

const PARTITIONS = 4;

interface Step {
  member: string;
  from: Cursor | null;
  to: Cursor;
}

describe("the members of a group", () => {
  it("take every record in order with no gap, whoever comes, leaves or is cut off", async () => {
    const topic = await createTopic(PARTITIONS);
    const group = uniqueName("group");
    const cursors = memoryCursors();
    const steps = new Map<number, Step[]>();
    const applied = new Map<string, string[]>();
    const handler = (member: string) => ({
      takeOver: async () => undefined,
      apply: async ({ partition, records }: HistoryBatch<string>) => {
        for (const { offset, event } of records) {
          applied.set(`${member}/${partition}/${offset}`, [event]);
        }
        // Others get a chance to come between.
        await new Promise((resolve) => setImmediate(resolve));
      },
    });
    const join = async (member: string, proxy?: FaultProxy): Promise<HistoryConsumer> => {
      const consumer = consumerFor({
        topic,
        group,
        maxRecords: 7,
        handler: handler(member),
        sessionTimeoutMs: 6000,
        rebalanceTimeoutMs: 6000,
        heartbeatIntervalMs: 500,
        ...(proxy ? { socketFactory: proxy.socketFactory } : {}),
        cursors: {
          load: cursors.load,
          advance: async (partition, from, to) => {
            const moved = await cursors.advance(partition, from, to);
            if (moved) steps.set(partition, [...(steps.get(partition) ?? []), { member, from, to }]);
            return moved;
          },
        },
      });
      consumer.start();
      return consumer;
    };
    const shares = (consumers: HistoryConsumer[]) => consumers.map((consumer) => consumer.state().length);

    const appender = appenderFor({ warm: { topic, partitions: PARTITIONS } });
    let writing = true;
    let written = 0;
    const writer = (async () => {
      for (; writing; written += 1) {
        await eventually(() => expect(written * 2 - (cursors.saved.get(0)?.next ?? 0)).toBeLessThan(100));
        const texts = [`${written}a`, `${written}b`];
        await Promise.all([0, 1, 2, 3].map((partition) => write(topic, partition, texts, appender)));
      }
    })();

    const a = await join("a");
    const b = await join("b");
    await eventually(() => expect(shares([a, b])).toEqual([2, 2]));
    const proxy = createFaultProxy();
    const doomed = await join("doomed", proxy);
    await eventually(() => expect(doomed.state().some(({ next }) => (next ?? 0) > 20)).toBe(true));
    proxy.blackhole(true);
    await eventually(() => expect(shares([a, b])).toEqual([2, 2]));
    await b.stop();
    const c = await join("c");
    await eventually(() => expect(shares([a, c])).toEqual([2, 2]));
    proxy.blackhole(false);
    await eventually(() => expect(shares([a, c, doomed]).sort()).toEqual([1, 1, 2]));
    writing = false;
    await writer;

    const end = written * 2;
    await eventually(() => {
      for (let partition = 0; partition < PARTITIONS; partition += 1) {
        expect(cursors.saved.get(partition)?.next).toBe(end);
      }
    });
    await Promise.all([a, c, doomed].map((consumer) => consumer.stop()));
    await Promise.all([proxy.close(), appender.close()]);

    for (let partition = 0; partition < PARTITIONS; partition += 1) {
      let next = 0;
      for (const { member, from, to } of steps.get(partition) ?? []) {
        expect(from?.next ?? 0).toBe(next);
        for (; next < to.next; next += 1) {
          const text = `${Math.floor(next / 2)}${next % 2 === 0 ? "a" : "b"}`;
          expect(applied.get(`${member}/${partition}/${next}`)).toEqual([text]);
        }
      }
      expect(next).toBe(end);
    }
    expect(new Set([...steps.values()].flat().map(({ member }) => member)).size).toBe(4);
  });
});
