import type { StoredWaitlist, WaitlistDefinition } from "@waitlist/contracts";
import { describe, expect, it } from "vitest";
import { definitionWith } from "../../test/support.ts";
import { stateOf } from "./waitlist-state.ts";

const NOON = Date.parse("2026-03-01T12:00:00Z");
const state = (changes: Partial<WaitlistDefinition>, count = 0, now = NOON) => {
  const stored = { definition: definitionWith(changes), count } as StoredWaitlist;
  return stateOf(stored, now);
};

describe("a list's state", () => {
  it("is open from its opening on, until its closing", () => {
    const hours = { opensAt: "2026-03-01T12:00:00Z", closesAt: "2026-03-01T13:00:00.500Z" };
    expect(state({})).toBe("open");
    expect(state(hours, 0, NOON - 1)).toBe("not-open");
    expect(state(hours)).toBe("open");
    expect(state(hours, 0, NOON + 3_600_499)).toBe("open");
    expect(state(hours, 0, NOON + 3_600_500)).toBe("closed");
  });

  it("is full at its capacity, and closed rather than full", () => {
    expect(state({ capacity: 2 }, 1)).toBe("open");
    expect(state({ capacity: 2 }, 2)).toBe("full");
    expect(state({ capacity: 2, closesAt: "2026-03-01T12:00:00Z" }, 2)).toBe("closed");
  });
});
