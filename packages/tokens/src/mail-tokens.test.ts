// The tokens that only do one thing each: confirming, unsubscribing.
import { describe, expect, it } from "vitest";
import {
  type Claims,
  CONFIRMATION_TOKEN_MS,
  confirmationClaims,
  confirmUrlOf,
  leaveUrlOf,
  MAILED_TOKEN_MS,
  mailedClaims,
  type Purpose,
  typedClaims,
  unsubscribeClaims,
  unsubscribeUrlOf,
} from "./claims.ts";
import { createTokens } from "./tokens.ts";

const NOW = Date.parse("2026-03-01T00:00:00Z");
const place = { waitlistId: "socialode", entryId: "a".repeat(26), joinOffset: 12 };
const at = (now: number, keys = "k1:0123456789abcdef") => createTokens(keys, () => now);

const CLAIMS: Record<Exclude<Purpose, "receipt">, Claims[]> = {
  status: [typedClaims(place, NOW), mailedClaims(place, NOW)],
  confirmation: [confirmationClaims(place, NOW)],
  unsubscribe: [unsubscribeClaims(place, NOW)],
};
const PURPOSES: Purpose[] = ["status", "confirmation", "unsubscribe", "receipt"];
const ALL = Object.entries(CLAIMS).flatMap(([purpose, all]) =>
  all.map((claims) => [purpose, claims] as const),
);

describe("a token", () => {
  it.each(ALL)("for %s is good for that and for nothing else", (purpose, claims) => {
    const token = at(NOW).sign(claims);
    for (const asked of PURPOSES) {
      expect(at(NOW).verify(token, asked), asked).toEqual(asked === purpose ? claims : null);
    }
  });

  it.each([
    ["confirmation", confirmationClaims(place, NOW), CONFIRMATION_TOKEN_MS],
    ["unsubscribe", unsubscribeClaims(place, NOW), MAILED_TOKEN_MS],
  ] as const)("for %s expires", (purpose, claims, lifetimeMs) => {
    const token = at(NOW).sign(claims);
    expect(at(NOW + lifetimeMs - 1).verify(token, purpose)).toEqual(claims);
    expect(at(NOW + lifetimeMs).verify(token, purpose)).toBeNull();
  });

  it.each([
    ["confirmation", confirmationClaims(place, NOW)],
    ["unsubscribe", unsubscribeClaims(place, NOW)],
  ] as const)("for %s outlives a new key in front, and not its own key", (purpose, claims) => {
    const token = at(NOW, "old:0123456789abcdef").sign(claims);
    expect(at(NOW, "new:fedcba9876543210,old:0123456789abcdef").verify(token, purpose)).toEqual(claims);
    expect(at(NOW, "new:fedcba9876543210").verify(token, purpose)).toBeNull();
    expect(at(NOW, "old:another secret here").verify(token, purpose)).toBeNull();
  });

  it("is the same when a mail is made again, and holds only its place", () => {
    const person = { ...place, email: "ada@example.com" };
    expect(at(NOW + 1).sign(confirmationClaims(person, NOW))).toBe(
      at(NOW).sign(confirmationClaims(place, NOW)),
    );
    expect(at(NOW + 1).sign(unsubscribeClaims(person, NOW))).toBe(
      at(NOW).sign(unsubscribeClaims(place, NOW)),
    );
  });
});

it("the addresses in mails lead to pages, but for the one click", () => {
  expect(confirmUrlOf("https://w.example/", "t.t.t")).toBe("https://w.example/confirm?token=t.t.t");
  expect(leaveUrlOf("https://w.example", "t.t.t")).toBe("https://w.example/leave?token=t.t.t");
  expect(unsubscribeUrlOf("https://w.example//", "t.t.t")).toBe("https://w.example/v1/unsubscribe/t.t.t");
});
