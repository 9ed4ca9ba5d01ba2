import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createKafkaLag } from "../src/adapters/kafka-lag.ts";
import { bearer, createWorld, KEYS, type World } from "./support.ts";

const TOPIC = "waitlist.events";
const behind = {
  ...{ group: "email", topic: TOPIC, partition: 4 },
  ...{ endOffset: 20, committedOffset: 7, lag: 13, oldestAgeMs: 840 },
};
const unheard = {
  ...{ group: "invite", topic: TOPIC, partition: 4 },
  ...{ endOffset: 20, committedOffset: null, lag: 20, oldestAgeMs: 1500 },
};

let world: World;
beforeEach(async () => {
  world = await createWorld();
  world.lags.push(behind, unheard);
});
afterEach(() => world.close());

const read = (key: string) => world.app.inject({ url: "/v1/ops/lag", headers: bearer(key) });
const scrape = async () => (await world.app.inject("/metrics")).body;

describe("the lag", () => {
  it("is shown by group and partition to keys of the scope ops, and to no others", async () => {
    expect((await read(KEYS.ops)).json()).toEqual({
      at: new Date(world.time.now).toISOString(),
      items: [behind, unheard],
    });
    for (const key of [KEYS.read, KEYS.admin, KEYS.redeem]) expect((await read(key)).statusCode).toBe(403);
    expect((await read("nobody's")).statusCode).toBe(401);
  });

  it("is in the metrics, in seconds; what a group never said is left out", async () => {
    const metrics = await scrape();
    const email = `{group="email",topic="${TOPIC}",partition="4",service="gateway"}`;
    const invite = `{group="invite",topic="${TOPIC}",partition="4",service="gateway"}`;
    expect(metrics).toContain(`waitlist_group_end_offset${email} 20\n`);
    expect(metrics).toContain(`waitlist_group_committed_offset${email} 7\n`);
    expect(metrics).toContain(`waitlist_group_lag_records${email} 13\n`);
    expect(metrics).toContain(`waitlist_group_oldest_unprocessed_seconds${email} 0.84\n`);
    expect(metrics).toContain(`waitlist_group_lag_records${invite} 20\n`);
    expect(metrics).not.toContain(`waitlist_group_committed_offset${invite}`);
  });

  it("is 503 while Kafka is away, and the metrics say nothing of it rather than something old", async () => {
    expect(await scrape()).toContain("waitlist_group_lag_records{");
    world.broken.lag = true;
    expect((await read(KEYS.ops)).statusCode).toBe(503);
    await scrape();
    const metrics = await scrape();
    expect(metrics).not.toContain("waitlist_group_lag_records{");
    expect(metrics).toMatch(/waitlist_group_lag_failures_total\{service="gateway"\} [12]\n/);
  });
});

describe("a reading of the lag", () => {
  const lag = { group: "x.email", topic: "x.waitlist.events", partition: 0, end: 9, committed: 4, lag: 5 };
  const NOW = Date.parse("2026-03-01T09:30:00.000Z");

  it("asks for the groups and the topic of this installation, and tells ages by our clock, never below zero", async () => {
    const asked: unknown[] = [];
    const oldest = [NOW - 1200, NOW + 30, null];
    const reader = {
      read: async (...args: unknown[]) => {
        asked.push(args);
        return oldest.map((oldestAt) => ({ ...lag, oldestAt }));
      },
    };
    const { items } = await createKafkaLag(reader, { topicPrefix: "x.", clock: () => NOW }).read();
    expect(asked).toEqual([[["x.storage", "x.email", "x.invite"], "x.waitlist.events"]]);
    expect(items.map(({ oldestAgeMs }) => oldestAgeMs)).toEqual([1200, 0, 0]);
    expect(items[0]).toEqual({
      ...{ group: "x.email", topic: "x.waitlist.events", partition: 0 },
      ...{ endOffset: 9, committedOffset: 4, lag: 5, oldestAgeMs: 1200 },
    });
  });

  it("serves all who ask within a second, and is unavailable where Kafka doesn't answer", async () => {
    let now = 0;
    let asked = 0;
    const reader = {
      read: async () => {
        asked += 1;
        if (asked === 2) throw new Error("no broker");
        return [];
      },
    };
    const reads = createKafkaLag(reader, { topicPrefix: "", clock: () => NOW, now: () => now });
    await Promise.all([reads.read(), reads.read()]);
    now = 999;
    await reads.read();
    expect(asked).toBe(1);
    now = 1000;
    await expect(reads.read()).rejects.toMatchObject({ code: "unavailable", retryAfter: 2 });
    now = 2000;
    expect((await reads.read()).items).toEqual([]);
  });
});
