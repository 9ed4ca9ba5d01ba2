import { expect, test } from "vitest";
import { unbalanced } from "./reconcile.ts";

const list = (waitlistId: string, places: number, highest: number) => ({ waitlistId, places, highest });

test("a list is off where its highest position isn't the number of its places: a gap, or a duplicate", () => {
  const totals = [list("whole", 3, 3), list("gap", 2, 3), list("duplicate", 4, 3)];
  expect(unbalanced(totals, totals)).toEqual(["gap", "duplicate"]);
});

test("a batch that is half written at one reading is not off", () => {
  expect(unbalanced([list("a", 2, 3)], [list("a", 3, 3)])).toEqual([]);
  expect(unbalanced([list("a", 3, 3)], [list("a", 5, 7)])).toEqual([]);
  expect(unbalanced([list("a", 2, 3)], [list("a", 5, 7)])).toEqual([]);
  expect(unbalanced([], [list("a", 5, 7)])).toEqual([]);
});
