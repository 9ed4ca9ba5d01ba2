import { Registry } from "@waitlist/runtime";
import { createFaultProxy, eventually } from "@waitlist/testing";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { readLog } from "./read-log.ts";
import { appenderFor, createTopic, textRecord } from "./support.ts";

describe("an appender whose broker is away", () => {
  let proxy: ReturnType<typeof createFaultProxy>;
  beforeEach(() => {
    proxy = createFaultProxy();
  });
  afterEach(() => proxy.close());

  it("starts without it, and gives up records that nobody could be handed as not written", async () => {
    const topic = await createTopic(1);
    proxy.unreachable(true);
    const registry = new Registry();
    const { socketFactory } = proxy;
    const appender = appenderFor({ socketFactory, maxQueued: 3, deadlineMs: 400, registry });
    const waiting = ["a", "b", "c"].map((text) => appender.append(textRecord(topic, 0, text)));

    await expect(appender.append(textRecord(topic, 0, "d"))).rejects.toMatchObject({ name: "QueueFull" });
    for (const answer of await Promise.allSettled(waiting)) {
      expect(answer).toMatchObject({ reason: { name: "DeadlineExceeded", outcome: "not-written" } });
    }
    expect(appender.ready()).toBe(false);
    proxy.unreachable(false);
    const later = textRecord(topic, 0, "later");
    await expect(appender.append({ ...later, deadlineMs: 10_000 })).resolves.toMatchObject({ offset: 0 });
    await appender.close();
    const metrics = await registry.metrics();
    expect(metrics).toContain('waitlist_produce_failures_total{reason="queue-full"} 1\n');
    expect(metrics).toContain('waitlist_produce_failures_total{reason="not-written"} 3\n');
    expect(metrics).toContain('waitlist_produce_failures_total{reason="unknown"} 0\n');
    expect(metrics).toContain('waitlist_produce_seconds_count{result="acknowledged"} 1\n');
    expect(metrics).toContain("waitlist_produce_batch_records_sum 1\n");
    expect(metrics).toContain("waitlist_produce_queue_records 0\n");
  });

  it("rides an outage out within the records' deadline", async () => {
    const topic = await createTopic(1);
    const appender = appenderFor({ socketFactory: proxy.socketFactory, deadlineMs: 15_000 });
    await appender.append(textRecord(topic, 0, "before"));
    proxy.unreachable(true);
    const during = Array.from({ length: 20 }, (_, index) =>
      appender.append(textRecord(topic, 0, `${index}`)),
    );
    await eventually(() => expect(proxy.refusals()).toBeGreaterThan(12));
    proxy.unreachable(false);
    const answers = await Promise.all(during);
    await appender.close();

    const [texts] = await readLog(topic);
    answers.forEach(({ offset }, index) => {
      expect(texts?.[offset]).toBe(`${index}`);
    });
  });

  it("says of a record in flight that nobody knows, and works on when the connection only hung", async () => {
    const topic = await createTopic(1);
    const registry = new Registry();
    const appender = appenderFor({ socketFactory: proxy.socketFactory, requestTimeoutMs: 600, registry });
    await appender.append(textRecord(topic, 0, "before"));
    proxy.blackhole(true);
    const hung = { ...textRecord(topic, 0, "hung"), deadlineMs: 300 };
    await expect(appender.append(hung)).rejects.toMatchObject({
      name: "DeadlineExceeded",
      outcome: "unknown",
    });
    const patient = appender.append({ ...textRecord(topic, 0, "patient"), deadlineMs: 15_000 });
    await eventually(() => expect(appender.ready()).toBe(false));
    proxy.blackhole(false);
    const { offset } = await patient;
    await appender.close();

    expect((await readLog(topic))[0]?.[offset]).toBe("patient");
    const metrics = await registry.metrics();
    expect(metrics).toContain('waitlist_produce_failures_total{reason="unknown"} 1\n');
    expect(metrics).toMatch(/waitlist_produce_failures_total\{reason="attempt"\} [1-9]/);
    expect(metrics).toMatch(/waitlist_produce_seconds_count\{result="failed"\} [1-9]/);
  });
});
