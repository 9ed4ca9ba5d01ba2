// The limits as gateways share them in a real Redis, and what holds while it is away or hangs.
import { createLogger, createRegistry } from "@waitlist/runtime";
import { createFaultProxy, eventually, type FaultProxy, uniqueName } from "@waitlist/testing";
import { Redis } from "ioredis";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, inject, it } from "vitest";
import { openRedis, type RedisSide } from "../src/adapters/redis.ts";
import { createAppliedWaits } from "../src/applied-waits.ts";
import { createLimits, type Limits } from "../src/limits/limits.ts";
import { parseRateLimit } from "../src/limits/settings.ts";

const log = createLogger("test", "silent");
/** What a command to Redis may take, in milliseconds. */
const COMMAND_MS = 500;

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

/** A gateway's limits, and what they count. */
async function aGateway(setting: string) {
  const url = new URL(inject("backing").redis);
  const { host, port } = await proxy.proxied(url.hostname, Number(url.port));
  url.host = `${host}:${port}`;
  const side = openRedis(url.href, { partitions: 1, waits: createAppliedWaits(), log });
  sides.push(side);
  await eventually(() => side.probe());
  const rates = parseRateLimit(setting);
  if (!rates) throw new Error("these are no limits");
  const registry = createRegistry("test");
  const limits = createLimits(rates, { count: side.counter(rates), registry });
  const counted = async (where: "redis" | "process") => {
    const { values } = (await registry.getSingleMetric("waitlist_limited_requests_total")?.get()) ?? {
      values: [],
    };
    return values.filter(({ labels }) => labels.counted === where).reduce((sum, { value }) => sum + value, 0);
  };
  return { limits, counted, side };
}

const read = async (limits: Limits, who: string) =>
  (await limits.judge({ kind: "read", client: who })).every(({ allowed }) => allowed);
const allowed = async (asked: Promise<boolean>[]) => (await Promise.all(asked)).filter(Boolean).length;
const times = <T>(n: number, make: () => T) => Array.from({ length: n }, make);

describe("two gateways", () => {
  it("share every limit, whatever they are asked at once", async () => {
    const who = uniqueName("client");
    const gateways = [await aGateway("reads=50/60"), await aGateway("reads=50/60")];
    const asked = gateways.flatMap(({ limits }) => times(40, () => read(limits, who)));
    expect(await allowed(asked)).toBe(50);
    expect(await allowed(gateways.map(({ limits }) => read(limits, who)))).toBe(0);
    expect(await client.ttl(`waitlist:limit:reads:${who}`)).toBeGreaterThan(0);
  });

  it("see the same list under attack", async () => {
    const waitlistId = uniqueName("list");
    const [one, other] = [await aGateway("attack=6/60"), await aGateway("attack=6/60")];
    const signUp = (limits: Limits) =>
      limits.judge({ kind: "signup", client: uniqueName("c"), waitlistId, watched: true });
    await Promise.all(times(5, () => signUp(one.limits)));
    expect(one.limits.underAttack(waitlistId)).toBe(false);
    await signUp(other.limits);
    expect(other.limits.underAttack(waitlistId)).toBe(true);
  });

  it("ask once for all that is asked at once", async () => {
    const { limits } = await aGateway("on");
    const who = uniqueName("client");
    const heard: string[][] = [];
    const monitor = await client.monitor();
    monitor.on("monitor", (_time: string, command: string[]) => heard.push(command));
    await Promise.all(times(200, () => read(limits, who)));
    await client.echo(who);
    await eventually(() => expect(heard).toContainEqual(["echo", who]));
    monitor.disconnect();
    const calls = heard.filter(([name, ...rest]) => /^eval/i.test(name ?? "") && rest.join().includes(who));
    expect(calls.length).toBeGreaterThan(0);
    expect(calls.length).toBeLessThan(5);
    expect(await client.get(`waitlist:limit:reads:${who}`)).toBe("200");
  });
});

describe("while Redis can't be reached", () => {
  it("the same limits hold by each process alone, at once; and together again when it is back", async () => {
    const { limits, counted } = await aGateway("reads=50/60");
    expect(await read(limits, uniqueName("client"))).toBe(true);
    expect([await counted("redis"), await counted("process")]).toEqual([1, 0]);
    proxy.unreachable(true);
    await eventually(async () => {
      await read(limits, uniqueName("client"));
      expect(await counted("process")).toBeGreaterThan(0);
    });
    const who = uniqueName("client");
    expect(await allowed(times(80, () => read(limits, who)))).toBe(50);

    proxy.unreachable(false);
    const back = await counted("redis");
    await eventually(async () => {
      await read(limits, uniqueName("client"));
      expect(await counted("redis")).toBeGreaterThan(back);
    });
  });
});

describe("while Redis hangs", () => {
  it("the requests that meet it wait for a command's time, and the later ones don't wait at all", async () => {
    const { limits, counted, side } = await aGateway("reads=50/60");
    const who = uniqueName("client");
    expect(await read(limits, who)).toBe(true);
    proxy.blackhole(true);
    const began = performance.now();
    expect(await allowed(times(80, () => read(limits, who)))).toBe(50);
    expect(performance.now() - began).toBeGreaterThan(COMMAND_MS / 2);
    expect(await counted("process")).toBe(80);

    // Had it to ask Redis, it would wait for as long as a ping that was sent before it.
    const ping = side.probe().catch(() => "timed out");
    expect(await Promise.race([ping, read(limits, uniqueName("client"))])).toBe(true);
    expect(await ping).toBe("timed out");
    expect(await counted("process")).toBe(81);

    proxy.blackhole(false);
    const back = await counted("redis");
    await eventually(async () => {
      await read(limits, uniqueName("client"));
      expect(await counted("redis")).toBeGreaterThan(back);
    });
  });
});
