import { Registry } from "@waitlist/runtime";
import { eventually } from "@waitlist/testing";
import { expect, inject, test } from "vitest";
import { connectRedis } from "../src/index.ts";

const log = { debug: () => undefined, info: () => undefined, warn: () => undefined };

async function errorsOf(registry: Registry): Promise<Record<string, number>> {
  const metric = await registry.getSingleMetric("waitlist_redis_errors_total")?.get();
  return Object.fromEntries((metric?.values ?? []).map(({ labels, value }) => [String(labels.kind), value]));
}

test("refusals count, of single commands and of pipelines, and what goes well does not", async () => {
  const registry = new Registry();
  const redis = connectRedis(inject("backing").redis, { log, registry });
  await eventually(() => expect(redis.runId()).not.toBeNull());
  await redis.client.ping();
  await expect(redis.client.call("NOSUCHCOMMAND")).rejects.toThrow();
  await redis.client.pipeline().ping().call("NOSUCHCOMMAND").exec();
  expect(await errorsOf(registry)).toEqual({ timeout: 0, refused: 2, away: 0, connection: 0 });
  await redis.close();
});

test("a script that the server doesn't know yet is no failure", async () => {
  const registry = new Registry();
  const redis = connectRedis(inject("backing").redis, { log, registry });
  await eventually(() => expect(redis.runId()).not.toBeNull());
  redis.client.defineCommand("answer", { numberOfKeys: 0, lua: `return "${Math.random()}"` });
  const scripted = redis.client as unknown as { answer(): Promise<string> };
  await expect(scripted.answer()).resolves.toMatch(/^0/);
  expect((await errorsOf(registry)).refused).toBe(0);
  await redis.close();
});

test("connections that fail and commands that find none count", async () => {
  const registry = new Registry();
  const redis = connectRedis("redis://127.0.0.1:1", { log, registry });
  await eventually(async () => expect((await errorsOf(registry)).connection).toBeGreaterThan(0));
  await expect(redis.client.ping()).rejects.toThrow();
  expect((await errorsOf(registry)).away).toBe(1);
  await redis.close();
});
