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

const signUp = (client: string, waitlistId: string | undefined = LIST) =>
  limits.judge({ kind: "signup", client, waitlistId });
const refusedBy = async (standings: ReturnType<Limits["judge"]>) =>
  (await standings).filter(({ allowed }) => !allowed).map(({ policy }) => policy.name);

describe("a signup", () => {
  it("counts for its client, its list and everybody", async () => {
    await signUp("a");
    await limits.judge({ kind: "read", client: "a" });
    await limits.judge({ kind: "signup", client: "b", waitlistId: undefined });
    expect(Object.fromEntries(counted)).toEqual({
      "client:a": 1,
      [`list:${LIST}`]: 1,
      "all:": 2,
      "reads:a": 1,
      "client:b": 1,
    });
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
    for (let i = 0; i < 50; i++) expect(await refusedBy(signUp("a"))).toEqual(["client"]);
    expect(counted.get(`list:${LIST}`)).toBe(3);
    expect(counted.get("all:")).toBe(3);
    expect(await refusedBy(signUp("b"))).toEqual([]);
  });

  it("is counted again when the window has ended", async () => {
    await Promise.all([1, 2, 3].map(() => signUp("a")));
    const [standing] = await signUp("a");
    expect(standing?.resetMs).toBeGreaterThan(50_000);
    now += standing?.resetMs ?? 0;
    await signUp("a");
    expect(counted.get("client:a")).toBe(4);
  });
});

describe("a list", () => {
  it("is under attack by its own count", async () => {
    for (const client of ["a", "b", "c"]) await signUp(client);
    expect(limits.underAttack(LIST)).toBe(false);
    await signUp("d");
    expect(limits.underAttack(LIST)).toBe(true);
    expect(limits.underAttack("other")).toBe(false);
  });
});

describe("metrics", () => {
  it("count what was allowed and refused by which policy, and who counted", async () => {
    await Promise.all([1, 2, 3, 4].map(() => signUp("a")));
    await signUp("a");
    await Promise.all([1, 2, 3].map(() => limits.judge({ kind: "read", client: "a" })));
    const lines = (await registry.metrics()).split("\n").filter((line) => /^waitlist_limited/.test(line));
    expect(lines.map((line) => line.replace(/,service="test"|service="test",/, ""))).toEqual(
      expect.arrayContaining([
        'waitlist_limited_requests_total{policy="client",outcome="allowed",counted="process"} 3',
        'waitlist_limited_requests_total{policy="client",outcome="refused",counted="process"} 1',
        'waitlist_limited_requests_total{policy="client",outcome="refused",counted="known"} 1',
        'waitlist_limited_requests_total{policy="list",outcome="allowed",counted="process"} 4',
        'waitlist_limited_requests_total{policy="reads",outcome="allowed",counted="redis"} 2',
        'waitlist_limited_requests_total{policy="reads",outcome="refused",counted="redis"} 1',
      ]),
    );
  });
});
