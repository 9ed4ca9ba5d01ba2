import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { latestSlot, recurrenceError, slotAfter } from "./index.ts";

const berlin = (cron: string) => ({ cron, timeZone: "Europe/Berlin" });
const at = (iso: string) => Date.parse(iso);

/** The next slots after a time, one after the other. */
function slots(cron: string, after: string, count: number): string[] {
  const found: number[] = [];
  for (let last: number | null = at(after); last !== null && found.length < count; ) {
    last = slotAfter(berlin(cron), last);
    if (last !== null) found.push(last);
  }
  return found.map((slot) => new Date(slot).toISOString());
}

describe("slots in Berlin", () => {
  test("09:00 stays 09:00 when the clocks go forward, and when they go back", () => {
    expect(slots("0 9 * * *", "2026-03-28T00:00:00Z", 3)).toEqual([
      "2026-03-28T08:00:00.000Z",
      "2026-03-29T07:00:00.000Z",
      "2026-03-30T07:00:00.000Z",
    ]);
    expect(slots("0 9 * * *", "2026-10-24T00:00:00Z", 3)).toEqual([
      "2026-10-24T07:00:00.000Z",
      "2026-10-25T08:00:00.000Z",
      "2026-10-26T08:00:00.000Z",
    ]);
  });

  test("a time that the clocks skip comes once, when they have skipped it", () => {
    expect(slots("30 2 * * *", "2026-03-28T12:00:00Z", 2)).toEqual([
      "2026-03-29T01:00:00.000Z",
      "2026-03-30T00:30:00.000Z",
    ]);
  });

  test("a time that the clocks show twice comes once", () => {
    expect(slots("30 2 * * *", "2026-10-24T12:00:00Z", 2)).toEqual([
      "2026-10-25T00:30:00.000Z",
      "2026-10-26T01:30:00.000Z",
    ]);
  });

  test("the latest slot is the one just past, the present one included", () => {
    const daily = berlin("0 9 * * *");
    expect(latestSlot(daily, at("2026-03-29T07:00:00.000Z"))).toBe(at("2026-03-29T07:00:00Z"));
    expect(latestSlot(daily, at("2026-03-29T06:59:59.999Z"))).toBe(at("2026-03-28T08:00:00Z"));
  });

  test("looked at from after, a slot is the same as from before, in whatever hour and season", () => {
    const field = (max: number) => fc.oneof(fc.constant("*"), fc.nat(max).map(String), fc.constant("*/7"));
    const pattern = fc.tuple(field(59), field(23)).map(([minute, hour]) => `${minute} ${hour} * * *`);
    // Half of the times are about the changes of the clocks.
    const time = fc.oneof(
      fc.integer({ min: at("2026-03-28T20:00:00Z"), max: at("2026-03-29T12:00:00Z") }),
      fc.integer({ min: at("2026-10-24T20:00:00Z"), max: at("2026-10-25T12:00:00Z") }),
      fc.integer({ min: at("2026-01-01T00:00:00Z"), max: at("2027-12-31T00:00:00Z") }),
    );
    fc.assert(
      fc.property(pattern, time, (cron, after) => {
        const next = slotAfter(berlin(cron), after);
        expect(next).toBeGreaterThan(after);
        expect(latestSlot(berlin(cron), next ?? 0)).toBe(next);
        expect(latestSlot(berlin(cron), (next ?? 0) - 1)).toBeLessThanOrEqual(after);
      }),
      { numRuns: 300 },
    );
  });
});

describe("what is no recurrence", () => {
  const NOW = at("2026-03-01T00:00:00Z");
  const errorOf = (cron: string, timeZone = "UTC") => recurrenceError({ cron, timeZone }, NOW);

  test.for([
    "* * * * * *",
    "0 0 9 * * *",
    "@daily",
    "2026-03-01T09:00:00Z",
    "* * * * ?",
    "61 * * * *",
    "*/0 * * * *",
    "0  9 * * *",
    "nine o clock each day",
    "__proto__ * * * *",
  ])("%s can't be read", (cron) => {
    expect(errorOf(cron)).toEqual({ field: "cron", message: "is not a cron pattern of five fields" });
    expect(slotAfter({ cron, timeZone: "UTC" }, NOW)).toBeNull();
    expect(latestSlot({ cron, timeZone: "UTC" }, NOW)).toBeNull();
  });

  test("the thirtieth of February never comes; the twenty-ninth does", () => {
    expect(errorOf("0 9 30 2 *")).toEqual({ field: "cron", message: "never comes" });
    expect(errorOf("0 9 29 2 *")).toBeNull();
  });

  test("a time zone has to be one", () => {
    expect(errorOf("0 9 * * *", "Mars/Olympus")?.field).toBe("timeZone");
    expect(errorOf("0 9 * * MON-FRI", "Europe/Berlin")).toBeNull();
  });
});
