import { createRegistry } from "@waitlist/runtime";
import { beforeEach, describe, expect, it } from "vitest";
import { createLimits, type Limits } from "./limits.ts";
import { createLocalCounter } from "./local-counter.ts";
import { parseRateLimit } from "./settings.ts";

const SETTING = "client=3/60,list=5/60,all=8/60,reads=2/60,attack=4/60";
const LIST = "socialode";

let now: number;
let counted: Map<string, number>;
let registry: ReturnType<typeof createRegistry>;
let limits: Limits;

beforeEach(() => {
  const rates = parseRateLimit(SETTING);
  if (!rates) throw new Error("these are no limits");
  now = 1000;
  counted = new Map();
  registry = createRegistry("test");
  const local = createLocalCounter(rates);
  limits = createLimits(rates, {
    count: async (use, n) => {
      counted.set(use.id, (counted.get(use.id) ?? 0) + n);
      return { ...(await local(use, n)), local: use.policy.name !== "reads" };
    },
    registry,
    now: () => now,
  });
});

const come = (client: string, more: { waitlistId?: string; network?: string } = {}) =>
  limits.judge({ kind: "signup", client, waitlistId: LIST, watched: true, ...more });
/** Comes, and is let in unless it is refused as it comes. */
const signUp = async (client: string, waitlistId = LIST) => {
  const coming = await come(client, { waitlistId });
  if (coming.some(({ allowed }) => !allowed)) return coming;
  return [...coming, ...(await limits.judge({ kind: "admission", waitlistId }))];
};
const refusedBy = async (standings: ReturnType<Limits["judge"]>) =>
  (await standings).filter(({ allowed }) => !allowed).map(({ policy }) => policy.name);

describe("a signup", () => {
  it("counts for its client as it comes, and once it is let in for its list and everybody", async () => {
    await signUp("a");
    await limits.judge({ kind: "read", client: "a" });
    await limits.judge({ kind: "signup", client: "b", waitlistId: undefined, watched: false });
    await limits.judge({ kind: "signup", client: "b", waitlistId: "calm", watched: false });
    expect(Object.fromEntries(counted)).toEqual({
      "client:a": 1,
      [`attack:${LIST}`]: 1,
      [`list:${LIST}`]: 1,
      "all:": 1,
      "reads:a": 1,
      "client:b": 2,
    });
  });

  it("counts for the network around its client, too, which has 20 times as much", async () => {
    const from = async (n: number) => refusedBy(come(`block ${n}`, { network: "n" }));
    for (let n = 0; n < 60; n++) expect(await from(n)).toEqual([]);
    expect(await from(60)).toEqual(["network"]);
    expect(await refusedBy(come("block 61", { network: "another" }))).toEqual([]);
  });

  it("is refused by each of the three", async () => {
    for (let i = 0; i < 3; i++) expect(await refusedBy(signUp("a"))).toEqual([]);
    expect(await refusedBy(signUp("a"))).toEqual(["client"]);
    for (const client of ["b", "c"]) expect(await refusedBy(signUp(client))).toEqual([]);
    expect(await refusedBy(signUp("d"))).toEqual(["list"]);
    for (const client of ["e", "f", "g"]) expect(await refusedBy(signUp(client, "other"))).toEqual([]);
    expect(await refusedBy(signUp("h", "third"))).toEqual(["all"]);
  });

  it("that is known to be one too many takes nothing from the others", async () => {
    await Promise.all([1, 2, 3].map(() => signUp("a")));
    for (let i = 0; i < 50; i++) expect(await refusedBy(come("a"))).toEqual(["client"]);
    expect(counted.get(`list:${LIST}`)).toBe(3);
    expect(counted.get("all:")).toBe(3);
    expect(await refusedBy(signUp("b"))).toEqual([]);
  });

  it("is counted again when the window has ended", async () => {
    await Promise.all([1, 2, 3].map(() => signUp("a")));
    const [standing] = await come("a");
    expect(standing?.resetMs).toBeGreaterThan(50_000);
    now += standing?.resetMs ?? 0;
    await come("a");
    expect(counted.get("client:a")).toBe(4);
  });
});

describe("a list", () => {
  it("is under attack by all that come for it, let in or not", async () => {
    for (const client of ["a", "b", "c"]) await come(client);
    expect(limits.underAttack(LIST)).toBe(false);
    await come("d");
    expect(limits.underAttack(LIST)).toBe(true);
    expect(limits.underAttack("other")).toBe(false);
  });

  it("that is known to be under attack isn't counted further until its window ends, and nobody is refused for it", async () => {
    for (let n = 0; n < 30; n++) expect(await refusedBy(come(`client ${n}`))).toEqual([]);
    expect(counted.get(`attack:${LIST}`)).toBe(4);
  });

  it("takes nothing from others by what isn't let in", async () => {
    for (let n = 0; n < 50; n++) await come(`client ${n}`);
    expect([counted.get(`list:${LIST}`), counted.get("all:")]).toEqual([undefined, undefined]);
    expect(await refusedBy(signUp("somebody"))).toEqual([]);
  });

  it("is under attack at its limit at the latest, and refuses then who comes", async () => {
    const admit = () => limits.judge({ kind: "admission", waitlistId: "other" });
    for (let n = 0; n < 5; n++) expect(await refusedBy(admit())).toEqual([]);
    expect(limits.underAttack("other")).toBe(true);
    expect(await refusedBy(come("somebody", { waitlistId: "other" }))).toEqual(["list"]);
  });
});

describe("metrics", () => {
  it("count what was allowed and refused by which policy, and who counted", async () => {
    await Promise.all([1, 2, 3, 4].map(() => signUp("a")));
    await come("a");
    await Promise.all([1, 2, 3].map(() => limits.judge({ kind: "read", client: "a" })));
    const lines = (await registry.metrics()).split("\n").filter((line) => /^waitlist_limited/.test(line));
    expect(lines.map((line) => line.replace(/,service="test"|service="test",/, ""))).toEqual(
      expect.arrayContaining([
        'waitlist_limited_requests_total{policy="client",outcome="allowed",counted="process"} 3',
        'waitlist_limited_requests_total{policy="client",outcome="refused",counted="process"} 1',
        'waitlist_limited_requests_total{policy="client",outcome="refused",counted="known"} 1',
        'waitlist_limited_requests_total{policy="list",outcome="allowed",counted="process"} 3',
        'waitlist_limited_requests_total{policy="reads",outcome="allowed",counted="redis"} 2',
        'waitlist_limited_requests_total{policy="reads",outcome="refused",counted="redis"} 1',
      ]),
    );
  });
});
