import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Counter, createCoalescer, type Standing, type Use } from "./coalescer.ts";
import type { Policy } from "./settings.ts";

const policyOf = (name: Policy["name"], requests: number): Policy => ({ name, requests, seconds: 60 });
const use = (policy: Policy, key = ""): Use => ({ policy, id: `${policy.name}:${key}` });

/** Counts in memory; each call is answered when the test says so. */
function createCounts() {
  const used = new Map<string, number>();
  const calls: { id: string; n: number; answer: () => void; fail: () => void }[] = [];
  const count: Counter = ({ id }, n) => {
    const total = (used.get(id) ?? 0) + n;
    used.set(id, total);
    return new Promise((resolve, reject) => {
      const answer = () => resolve({ used: total, resetMs: 1000 });
      calls.push({ id, n, answer, fail: () => reject(new Error(`no count of ${id}`)) });
    });
  };
  return { used, calls, count };
}

/** Ticks that the test makes. */
function createTicks() {
  const flushes: (() => void)[] = [];
  return {
    defer: (flush: () => void) => void flushes.push(flush),
    tick: () => {
      for (const flush of flushes.splice(0)) flush();
    },
  };
}

describe("requests of one tick", () => {
  it("that count for the same key are one call, and are judged in their order", async () => {
    const { calls, count } = createCounts();
    const { defer, tick } = createTicks();
    const { take } = createCoalescer(count, defer);
    const client = policyOf("client", 2);
    const asked = Promise.all([1, 2, 3].map(() => take([use(client, "a")])));
    expect(calls).toEqual([]);
    tick();
    for (const { answer } of calls) answer();
    expect(calls.map(({ id, n }) => [id, n])).toEqual([["client:a", 3]]);
    expect((await asked).flat().map(({ allowed, remaining }) => [allowed, remaining])).toEqual([
      [true, 1],
      [true, 0],
      [false, 0],
    ]);
  });

  it("don't wait for the tick's end once there are a thousand: what waits is bounded", () => {
    const { calls, count } = createCounts();
    const { defer, tick } = createTicks();
    const { take } = createCoalescer(count, defer);
    const all = policyOf("all", 10_000);
    for (let i = 0; i < 2500; i++) void take([use(all)]);
    expect(calls.map(({ n }) => n)).toEqual([1000, 1000]);
    tick();
    expect(calls.map(({ n }) => n)).toEqual([1000, 1000, 500]);
  });

  it("fail only where a key of theirs can't be counted", async () => {
    const { calls, count } = createCounts();
    const { defer, tick } = createTicks();
    const { take } = createCoalescer(count, defer);
    const client = policyOf("client", 5);
    const asked = Promise.allSettled(["a", "b", "a"].map((key) => take([use(client, key)])));
    tick();
    for (const call of calls) call.id === "client:a" ? call.fail() : call.answer();
    expect((await asked).map(({ status }) => status)).toEqual(["rejected", "fulfilled", "rejected"]);
  });

  it("fail, too, where the counter throws", async () => {
    const broken = createCoalescer(() => {
      throw new Error("out of order");
    });
    await expect(broken.take([use(policyOf("client", 5))])).rejects.toThrow("out of order");
  });

  it("need no counting where they count for nothing", async () => {
    await expect(createCoalescer(createCounts().count).take([])).resolves.toEqual([]);
  });
});

/** A request that asks for some keys, a tick, or the answer (or failure) of the oldest call. */
const step = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({ kind: fc.constant("ask" as const), client: fc.nat(2), list: fc.nat(1) }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("tick" as const) }) },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant("answer" as const), which: fc.nat(5), fail: fc.nat(9) }),
  },
);

describe("whatever the order of requests, ticks and answers", () => {
  it("no limit lets more through, every request is counted and answered once, and nobody is overtaken", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { maxLength: 80 }),
        fc.integer({ min: 1, max: 6 }),
        async (steps, quota) => {
          const { used, calls, count } = createCounts();
          const { defer, tick } = createTicks();
          const { take } = createCoalescer(count, defer);
          const policies = { client: policyOf("client", quota), list: policyOf("list", quota + 2) };
          const asked: { ids: string[]; answer: Promise<Standing[] | null> }[] = [];
          const open: typeof calls = [];
          for (const each of steps) {
            if (each.kind === "ask") {
              const uses = [use(policies.client, String(each.client)), use(policies.list, String(each.list))];
              asked.push({ ids: uses.map(({ id }) => id), answer: take(uses).catch(() => null) });
            }
            if (each.kind === "tick") tick();
            open.push(...calls.splice(0));
            if (each.kind === "answer") {
              const [call] = open.splice(each.which % Math.max(open.length, 1), 1);
              if (each.fail === 0) call?.fail();
              else call?.answer();
            }
          }
          tick();
          for (const { answer } of [...open, ...calls]) answer();
          const answers = await Promise.all(asked.map(({ answer }) => answer));

          const requests = new Map<string, number>();
          const judged = new Map<string, boolean[]>();
          for (const [index, { ids }] of asked.entries()) {
            for (const [which, id] of ids.entries()) {
              requests.set(id, (requests.get(id) ?? 0) + 1);
              const standing = answers[index]?.[which];
              if (standing) judged.set(id, [...(judged.get(id) ?? []), standing.allowed]);
            }
          }
          expect(used).toEqual(requests);
          for (const [id, allowed] of judged) {
            const limit = id.startsWith("client") ? quota : quota + 2;
            expect(allowed.filter(Boolean).length).toBeLessThanOrEqual(limit);
            // Once one was refused, no later one is allowed.
            expect(allowed).toEqual(allowed.toSorted((left, right) => Number(right) - Number(left)));
          }
        },
      ),
    );
  });

  it("and where nothing fails, exactly the limit is let through", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(4), { maxLength: 20 }), fc.nat(20), async (ticks, quota) => {
        const { calls, count } = createCounts();
        const { defer, tick } = createTicks();
        const { take } = createCoalescer(count, defer);
        const asked: Promise<Standing[]>[] = [];
        for (const requests of ticks) {
          for (let i = 0; i < requests; i++) asked.push(take([use(policyOf("all", quota))]));
          tick();
        }
        for (const { answer } of calls) answer();
        const allowed = (await Promise.all(asked)).flat().filter((standing) => standing.allowed).length;
        expect(allowed).toBe(Math.min(quota, asked.length));
      }),
    );
  });
});
