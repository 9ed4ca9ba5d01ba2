import { beforeEach, describe, expect, it } from "vitest";
import { type AttackWatch, createAttackWatch } from "./attack-watch.ts";

let now: number;
let watch: AttackWatch;
const LIST = "socialode";

beforeEach(() => {
  now = 5000;
  watch = createAttackWatch({ requests: 100, seconds: 60 }, () => now);
});

describe("a list", () => {
  it("is under attack from so many signups in a window on, and no other is", () => {
    watch.saw(LIST, 99, 30_000);
    expect(watch.underAttack(LIST)).toBe(false);
    watch.saw(LIST, 100, 30_000);
    expect(watch.underAttack(LIST)).toBe(true);
    expect(watch.underAttack("other")).toBe(false);
  });

  it("stays so for a whole window after the last one that brought half as many", () => {
    watch.saw(LIST, 100, 30_000);
    now += 30_000 + 59_999;
    expect(watch.underAttack(LIST)).toBe(true);
    watch.saw(LIST, 50, 10_000);
    now += 10_000 + 59_999;
    expect(watch.underAttack(LIST)).toBe(true);
    now += 1;
    expect(watch.underAttack(LIST)).toBe(false);
  });

  it("is let go by windows that bring less than half", () => {
    watch.saw(LIST, 100, 0);
    now += 30_000;
    watch.saw(LIST, 49, 30_000);
    now += 30_000;
    expect(watch.underAttack(LIST)).toBe(false);
    watch.saw(LIST, 99, 30_000);
    expect(watch.underAttack(LIST)).toBe(false);
  });
});
