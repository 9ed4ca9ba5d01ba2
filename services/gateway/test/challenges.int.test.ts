// Used challenges as gateways remember them in a real Redis, and without it.
import { randomBytes } from "node:crypto";
import { createLogger } from "@waitlist/runtime";
import { createFaultProxy, eventually, type FaultProxy } from "@waitlist/testing";
import { Redis } from "ioredis";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, inject, it } from "vitest";
import { openRedis, type RedisSide } from "../src/adapters/redis.ts";
import { spentKey } from "../src/adapters/redis-spent-challenges.ts";
import { createAppliedWaits } from "../src/applied-waits.ts";

const log = createLogger("test", "silent");
const MINUTE = 60_000;
const aChallenge = () => ({ key: randomBytes(32).toString("hex"), expiresAt: Date.now() + MINUTE });

let proxy: FaultProxy;
let client: Redis;
const sides: RedisSide[] = [];
beforeAll(() => {
  client = new Redis(inject("backing").redis);
});
beforeEach(() => {
  proxy = createFaultProxy();
});
afterEach(async () => {
  await Promise.all(sides.splice(0).map((side) => side.close()));
  await proxy.close();
});
afterAll(() => client.disconnect());

async function aGateway() {
  const url = new URL(inject("backing").redis);
  const { host, port } = await proxy.proxied(url.hostname, Number(url.port));
  url.host = `${host}:${port}`;
  const side = openRedis(url.href, { partitions: 1, waits: createAppliedWaits(), log });
  sides.push(side);
  await eventually(() => side.probe());
  return side.spentChallenges;
}

describe("a challenge", () => {
  it("is used once, at whichever of the gateways that are asked at the same time", async () => {
    const gateways = [await aGateway(), await aGateway(), await aGateway()];
    const ids = Array.from({ length: 50 }, aChallenge);
    const spent = await Promise.all(
      ids.map(async (id) => {
        const each = await Promise.all(gateways.map((gateway) => gateway.spend(id)));
        return each.filter(Boolean).length;
      }),
    );
    expect(spent).toEqual(ids.map(() => 1));
    const left = await client.pttl(spentKey(ids[0] ?? aChallenge()));
    expect(left).toBeGreaterThan(MINUTE);
    expect(left).toBeLessThanOrEqual(4 * MINUTE);
  });

  it("is free again at all of them once it was given back", async () => {
    const [one, other] = [await aGateway(), await aGateway()];
    const id = aChallenge();
    expect(await one.spend(id)).toBe(true);
    expect(await other.spend(id)).toBe(false);
    await one.giveBack(id);
    expect(await other.spend(id)).toBe(true);
    expect(await one.spend(id)).toBe(false);
    await other.giveBack(id);
    expect(await one.spend(id)).toBe(true);
  });

  it.each([
    ["can't be reached", (on: boolean) => proxy.unreachable(on)],
    ["hangs", (on: boolean) => proxy.blackhole(on)],
  ])("is used once by the process's own memory while Redis %s", async (_what, breakRedis) => {
    const gateway = await aGateway();
    const before = aChallenge();
    expect(await gateway.spend(before)).toBe(true);
    breakRedis(true);
    const during = aChallenge();
    expect(await gateway.spend(during)).toBe(true);
    expect(await gateway.spend(during)).toBe(false);
    // What was used before the outage stays used.
    expect(await gateway.spend(before)).toBe(false);
    await gateway.giveBack(during);
    expect(await gateway.spend(during)).toBe(true);

    breakRedis(false);
    await eventually(async () => {
      const after = aChallenge();
      expect(await gateway.spend(after)).toBe(true);
      expect(await client.sismember(spentKey(after), after.key.slice(-24))).toBe(1);
    });
  });
});
