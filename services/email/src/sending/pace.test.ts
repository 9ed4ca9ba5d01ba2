import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { claimsAtOnce, createPace } from "./pace.ts";

const clock = () => performance.now();
const start = (perSecond: number | null) => {
  const stopping = new AbortController();
  return { pace: createPace(perSecond, clock, stopping.signal), stop: () => stopping.abort() };
};

/** So many workers at once, each taking until there is no more: when each mail was taken. */
async function run(perSecond: number | null, workers: number, mails: number): Promise<number[]> {
  const { pace } = start(perSecond);
  const taken: number[] = [];
  const take = async () => (taken.length < mails ? taken.push(clock()) : null);
  const work = async () => {
    while ((await pace.next(take)) !== null);
  };
  await Promise.all(Array.from({ length: workers }, work));
  return taken;
}

describe("a pace", () => {
  test("holds for all workers together: never more in a time than the rate lets through", async () => {
    const taken = await run(100, 8, 40);
    expect(taken).toHaveLength(40);
    const inWindow = taken.map((from) => taken.filter((at) => at >= from && at < from + 100).length);
    // 10 in 100 ms, one more at the edge, and what a late timer may make up for.
    expect(Math.max(...inWindow)).toBeLessThanOrEqual(13);
    expect((taken.at(-1) ?? 0) - (taken[0] ?? 0)).toBeGreaterThanOrEqual(365);
  });

  test("without a limit makes nobody wait", async () => {
    const taken = await run(null, 4, 1000);
    expect((taken.at(-1) ?? 0) - (taken[0] ?? 0)).toBeLessThan(300);
  });

  test("a quiet time earns no burst", async () => {
    const { pace } = start(50);
    const times: number[] = [];
    const take = async () => times.push(clock());
    await pace.next(take);
    await new Promise((resolve) => setTimeout(resolve, 200));
    for (let count = 0; count < 4; count++) await pace.next(take);
    const gaps = times.slice(2).map((at, index) => at - (times[index + 1] ?? 0));
    expect(gaps.slice(1).every((gap) => gap > 10)).toBe(true);
  });

  test("nothing is taken while the rate has it wait, and the stop ends the wait", async () => {
    const { pace, stop } = start(0.01);
    let asked = 0;
    const take = async () => ++asked;
    expect(await pace.next(take)).toBe(1);
    const waiting = [pace.next(take), pace.next(take)];
    stop();
    expect(await Promise.all(waiting)).toEqual([null, null]);
    expect(asked).toBe(1);
  });

  test("a failure of one doesn't hold up the next", async () => {
    const { pace } = start(1000);
    await expect(pace.next(() => Promise.reject(new Error("away")))).rejects.toThrow("away");
    expect(await pace.next(async () => "next")).toBe("next");
  });
});

test("what is claimed at once is let out in a quarter of the lease, or is a single mail", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 100 }),
      fc.double({ min: 0.01, max: 10_000, noNaN: true }),
      fc.integer({ min: 1000, max: 3_600_000 }),
      (connections, perSecond, leaseMs) => {
        const { min, max } = claimsAtOnce({ connections, perSecond, leaseMs });
        expect(min).toBeGreaterThanOrEqual(1);
        expect(max).toBeGreaterThanOrEqual(min);
        expect(max === 1 || (max / perSecond) * 1000 <= leaseMs / 4).toBe(true);
      },
    ),
  );
  expect(claimsAtOnce({ connections: 4, perSecond: null, leaseMs: 15_000 })).toEqual({ min: 16, max: 128 });
});
