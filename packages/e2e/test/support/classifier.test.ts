import { expect, test } from "vitest";
import { auc } from "./classifier.ts";

test("what is the same tells nothing, what differs tells all, in either direction", () => {
  expect(auc([1, 1, 1], [1, 1])).toBe(0.5);
  expect(auc([3, 4], [1, 2])).toBe(1);
  expect(auc([1, 2], [3, 4])).toBe(1);
  expect(auc([1, 3], [2, 2])).toBe(0.5);
  expect(auc([2, 3], [1, 2])).toBe(0.875);
});
