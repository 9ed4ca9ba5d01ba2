import { Redis } from "ioredis";
import { afterEach, beforeEach, expect, inject, test } from "vitest";
import { checkRedis } from "../src/checks/redis.ts";

const { redis: REDIS_URL } = inject("backing");
let client: Redis;
beforeEach(() => {
  client = new Redis(REDIS_URL);
});

// Without a limit of memory nothing is thrown away by any policy, so that other tests see nothing of it.
afterEach(async () => {
  await client.config("SET", "maxmemory-policy", "noeviction");
  client.disconnect();
});

test("a policy that throws things away is found; with noeviction nothing is", async () => {
  expect((await checkRedis({ REDIS_URL })).filter(({ state }) => state !== "right")).toEqual([]);
  await client.config("SET", "maxmemory-policy", "allkeys-lru");
  const wrong = (await checkRedis({ REDIS_URL })).filter(({ state }) => state !== "right");
  expect(wrong).toMatchObject([
    { about: "Redis maxmemory-policy", says: expect.stringMatching(/^allkeys-lru: /) },
  ]);
  expect(wrong[0]?.todo?.[0]).toContain("noeviction");
});

test("a server that doesn't answer is found, and its password isn't told", async () => {
  const findings = await checkRedis({ REDIS_URL: "redis://:hush@127.0.0.1:1" });
  expect(findings).toMatchObject([{ state: "wrong", about: "Redis" }]);
  expect(JSON.stringify(findings)).not.toContain("hush");
});
