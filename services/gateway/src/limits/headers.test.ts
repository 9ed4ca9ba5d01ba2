import { describe, expect, it } from "vitest";
import type { Standing } from "./coalescer.ts";
import { closestToItsEnd, rateLimited, rateLimitHeaders } from "./headers.ts";
import type { PolicyName } from "./settings.ts";

const standing = (name: PolicyName, remaining: number, more: Partial<Standing> = {}): Standing => ({
  policy: { name, requests: 120, seconds: 60 },
  allowed: true,
  remaining,
  resetMs: 30_400,
  ...more,
});
const closest = (...standings: Standing[]) => closestToItsEnd(standings)?.policy.name;

describe("what is told of the limits", () => {
  it("is the policy that allows the fewest more, of two alike the one that does so for longer", () => {
    expect(closest(standing("client", 57), standing("list", 5000), standing("all", 58))).toBe("client");
    expect(closest(standing("client", 57), standing("list", 3), standing("all", 58))).toBe("list");
    expect(closest(standing("client", 5), standing("list", 5, { resetMs: 40_000 }))).toBe("list");
    expect(closest()).toBeUndefined();
  });

  it("is of those that refuse the one that does so for longest, even where another allows nothing more", () => {
    const refused = { allowed: false, resetMs: 10 };
    const later = { allowed: false, resetMs: 20 };
    expect(closest(standing("all", 0), standing("client", 0, refused))).toBe("client");
    expect(closest(standing("client", 0, refused), standing("all", 0))).toBe("client");
    expect(closest(standing("client", 0, refused), standing("list", 0, later))).toBe("list");
    expect(closest(standing("list", 0, later), standing("client", 0, refused))).toBe("list");
  });

  it("is written as the draft's structured fields", () => {
    expect(rateLimitHeaders(standing("client", 57))).toEqual({
      "ratelimit-policy": '"client";q=120;w=60',
      ratelimit: '"client";r=57;t=31',
    });
  });

  it("is, to whoever is refused, when to come back: never at once", () => {
    expect(rateLimited(standing("list", 0)).retryAfter).toBe(31);
    expect(rateLimited(standing("list", 0, { resetMs: 0 })).retryAfter).toBe(1);
    expect(rateLimited(standing("list", 0)).message).toBe(
      "There are too many signups on this waitlist right now.",
    );
  });
});
