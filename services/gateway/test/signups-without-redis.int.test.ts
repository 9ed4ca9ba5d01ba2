// Signups through an outage of Redis with the limits on: they go on, each process limits by itself, and together again after it.
import { randomInt } from "node:crypto";
import { createLogger } from "@waitlist/runtime";
import { createFaultProxy, eventually, type FaultProxy, solve, uniqueName } from "@waitlist/testing";
import { Redis } from "ioredis";
import { afterEach, beforeEach, describe, expect, inject, it } from "vitest";
import { openRedis } from "../src/adapters/redis.ts";
import { createAppliedWaits } from "../src/applied-waits.ts";
import { createWorld, definitionWith, type World } from "./support.ts";

const log = createLogger("test", "silent");
const LIMIT = 5;

let proxy: FaultProxy;
let closing: (() => Promise<unknown>)[];
beforeEach(async () => {
  proxy = createFaultProxy();
  closing = [];
  // All signups of all tests count for this one.
  const client = new Redis(inject("backing").redis);
  await client.del("waitlist:limit:all:");
  client.disconnect();
});
afterEach(async () => {
  for (const close of closing.toReversed()) await close();
  await proxy.close();
});

async function aGateway(rateLimit: string): Promise<World> {
  const url = new URL(inject("backing").redis);
  const { host, port } = await proxy.proxied(url.hostname, Number(url.port));
  url.host = `${host}:${port}`;
  const redis = openRedis(url.href, { partitions: 1, waits: createAppliedWaits(), log });
  const world = await createWorld({ rateLimit, redis });
  closing.push(redis.close, world.close);
  await eventually(() => redis.probe());
  return world;
}

const address = () => `10.${randomInt(256)}.${randomInt(256)}.${randomInt(256)}`;
const aList = (worlds: World[], challenge: "off" | "auto" = "off") => {
  const list = uniqueName("list");
  for (const world of worlds) world.list(list, definitionWith({ challenge }));
  return list;
};
const signUp = (world: World, list: string, remoteAddress = address(), challenge?: string) =>
  world.app.inject({
    ...{ method: "POST", url: `/v1/waitlists/${list}/entries`, remoteAddress },
    payload: { email: `${uniqueName("p")}@example.com`, challenge },
    headers: { "idempotency-key": uniqueName("key") },
  });

/** Reads until they are counted there; no signup is used up by it. */
async function countedIn(world: World, where: "redis" | "process"): Promise<void> {
  const count = async () => {
    const { values } = (await world.registry.getSingleMetric("waitlist_limited_requests_total")?.get()) ?? {
      values: [],
    };
    return values.filter(({ labels }) => labels.counted === where).reduce((sum, { value }) => sum + value, 0);
  };
  const before = await count();
  await eventually(async () => {
    await world.app.inject({ url: "/v1/waitlists/nobody", remoteAddress: address() });
    expect(await count()).toBeGreaterThan(before);
  });
}

type SignUp = (world: World) => ReturnType<typeof signUp>;

/** Signups that one policy counts together, of which it has seen none yet. */
const SAME: Record<string, (worlds: World[]) => SignUp> = {
  client: (worlds) => {
    const from = address();
    return (world) => signUp(world, aList(worlds), from);
  },
  list: (worlds) => {
    const list = aList(worlds);
    return (world) => signUp(world, list);
  },
  all: (worlds) => (world) => signUp(world, aList(worlds)),
};

/** Signs up until that is refused; how often it was accepted, and the refusal. */
async function untilRefused(same: SignUp, worlds: World[]) {
  for (let accepted = 0; accepted <= 2 * LIMIT; accepted++) {
    const answer = await same(worlds[accepted % worlds.length] as World);
    if (answer.statusCode !== 202) return { accepted, answer };
  }
  throw new Error("nothing was refused");
}

describe.each(["client", "list", "all"])("the limit %s", (policy) => {
  it("lets signups go on by each gateway alone while Redis is away, and by all together before and after", async () => {
    const setting = `${policy}=${LIMIT}/600`;
    const gateways = [await aGateway(setting), await aGateway(setting)];
    const same = SAME[policy] as (worlds: World[]) => SignUp;
    // What everybody has used up is used up after the outage, too: of that one nothing is used before.
    const isEverybodys = policy === "all";
    if (!isEverybodys) expect((await untilRefused(same(gateways), gateways)).accepted).toBe(LIMIT);

    proxy.unreachable(true);
    for (const gateway of gateways) await countedIn(gateway, "process");
    const during = same(gateways);
    for (const gateway of isEverybodys ? gateways.slice(0, 1) : gateways) {
      const before = gateway.events.length;
      const { accepted, answer } = await untilRefused(during, [gateway]);
      expect([accepted, gateway.events.length - before]).toEqual([LIMIT, LIMIT]);
      expect([answer.statusCode, answer.json().code]).toEqual([429, "rate-limited"]);
      expect(Number(answer.headers["retry-after"])).toBeGreaterThan(0);
    }

    proxy.unreachable(false);
    for (const gateway of gateways) await countedIn(gateway, "redis");
    const after = isEverybodys ? gateways.slice(1) : gateways;
    expect((await untilRefused(same(gateways), after)).accepted).toBe(LIMIT);
  });
});

it("a list under attack asks for a challenge while Redis is away, too, and takes who solves it", async () => {
  const gateway = await aGateway(`attack=${LIMIT}/600`);
  proxy.unreachable(true);
  await countedIn(gateway, "process");
  const list = aList([gateway], "auto");
  const asks = async () => (await gateway.app.inject(`/v1/waitlists/${list}`)).json().challengeRequired;
  // A page reads the list before anybody signs up; what it asks for is known from then on.
  expect(await asks()).toBe(false);
  for (let i = 0; i < LIMIT - 1; i++) expect((await signUp(gateway, list)).statusCode).toBe(202);
  expect(await asks()).toBe(false);
  await signUp(gateway, list);
  expect(await asks()).toBe(true);
  const refused = await signUp(gateway, list);
  expect([refused.statusCode, refused.json().code]).toEqual([403, "challenge-required"]);
  const challenge = await solve((await gateway.app.inject(`/v1/waitlists/${list}/challenge`)).json());
  expect((await signUp(gateway, list, address(), challenge)).statusCode).toBe(202);
});
