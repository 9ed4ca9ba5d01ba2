import { expect, test } from "vitest";
import { auc } from "./classifier.ts";

test("what is the same tells nothing, what differs tells all, in either direction", () => {
  expect(auc([1, 1, 1], [1, 1])).toBe(0.5);
  expect(auc([3, 4], [1, 2])).toBe(1);
  expect(auc([1, 2], [3, 4])).toBe(1);
  expect(auc([1, 3], [2, 2])).toBe(0.5);
  expect(auc([2, 3], [1, 2])).toBe(0.875);
});

test("what one kind of four tells hides among all of them, and shows by itself", () => {
  const fresh = Array<number>(400).fill(0);
  const leaking = [...Array<number>(70).fill(0), ...Array<number>(30).fill(1)];
  const others = Array<number>(300).fill(0);
  expect(auc([...others, ...leaking], fresh)).toBeCloseTo(0.5375);
  expect(auc(leaking, fresh)).toBeCloseTo(0.65);
});
