import { expect, test } from "vitest";
import { createTraceBudget } from "./budget.ts";

test("so many traces a second begin, however many ask, and as many again a second later", () => {
  let now = 0;
  const mayBegin = createTraceBudget(10, () => now);
  const count = (asked: number) => Array.from({ length: asked }, mayBegin).filter(Boolean).length;
  expect(count(1000)).toBe(10);
  now += 500;
  expect(count(1000)).toBe(5);
  now += 60_000;
  expect(count(1000)).toBe(10);
});

test("who asks seldom always may", () => {
  let now = 0;
  const mayBegin = createTraceBudget(10, () => now);
  const asked = Array.from({ length: 100 }, () => {
    now += 101;
    return mayBegin();
  });
  expect(asked).not.toContain(false);
});
