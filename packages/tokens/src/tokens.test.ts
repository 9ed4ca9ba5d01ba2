import { createHmac } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { MAILED_TOKEN_MS, mailedClaims, statusUrlOf, TYPED_TOKEN_MS, typedClaims } from "./claims.ts";
import { TokenKeysError } from "./keys.ts";
import { createTokens } from "./tokens.ts";

const NOW = Date.parse("2026-03-01T00:00:00Z");
const place = { waitlistId: "socialode", entryId: "a".repeat(26), joinOffset: 12 };
const at = (now: number, keys = "k1:0123456789abcdef") => createTokens(keys, () => now);

const receipt = {
  purpose: "receipt",
  entryId: place.entryId,
  eventId: "e-1",
  waitlistId: "socialode",
  partition: 3,
  offset: 12,
  acceptedAt: "2026-03-01T00:00:00.000Z",
} as const;

const part = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
/** A JWT made by hand, as an attacker who knows `secret` or not would. */
function forge(header: object, claims: object, secret: string): string {
  const input = `${part(header)}.${part(claims)}`;
  return `${input}.${createHmac("sha256", secret).update(input).digest("base64url")}`;
}

describe("a token", () => {
  it("says what was signed", () => {
    const claims = typedClaims(place, NOW);
    expect(at(NOW).verify(at(NOW).sign(claims), "status")).toEqual(claims);
    expect(at(NOW).verify(at(NOW).sign(receipt), "receipt")).toEqual(receipt);
  });

  it("is the same when it is made again", () => {
    expect(at(NOW + 5000).sign(mailedClaims(place, NOW))).toBe(at(NOW).sign(mailedClaims(place, NOW)));
  });

  it("is good for its purpose only", () => {
    expect(at(NOW).verify(at(NOW).sign(receipt), "status")).toBeNull();
    expect(at(NOW).verify(at(NOW).sign(typedClaims(place, NOW)), "receipt")).toBeNull();
  });

  it("expires: a typed one after 90 days, a mailed one after a year, a receipt never", () => {
    const typed = at(NOW).sign(typedClaims(place, NOW));
    const mailed = at(NOW).sign(mailedClaims(place, NOW));
    expect(at(NOW + TYPED_TOKEN_MS - 1).verify(typed, "status")).not.toBeNull();
    expect(at(NOW + TYPED_TOKEN_MS).verify(typed, "status")).toBeNull();
    expect(at(NOW + MAILED_TOKEN_MS - 1).verify(mailed, "status")).not.toBeNull();
    expect(at(NOW + MAILED_TOKEN_MS).verify(mailed, "status")).toBeNull();
    expect(at(NOW * 2).verify(at(NOW).sign(receipt), "receipt")).not.toBeNull();
  });

  it("outlives a new key in front, and not its own key", () => {
    const token = at(NOW, "old:0123456789abcdef").sign(typedClaims(place, NOW));
    expect(at(NOW, "new:fedcba9876543210,old:0123456789abcdef").verify(token, "status")).not.toBeNull();
    expect(at(NOW, "new:fedcba9876543210").verify(token, "status")).toBeNull();
    expect(at(NOW, "old:another secret here").verify(token, "status")).toBeNull();
  });

  it("can't choose its algorithm or its key", () => {
    const claims = typedClaims(place, NOW);
    const secret = "0123456789abcdef";
    const verify = (token: string) => at(NOW).verify(token, "status");
    expect(verify(forge({ alg: "HS256", kid: "k1" }, claims, secret))).toEqual(claims);
    expect(verify(forge({ alg: "HS256", kid: "k1" }, claims, "guessed"))).toBeNull();
    expect(verify(forge({ alg: "none", kid: "k1" }, claims, secret))).toBeNull();
    expect(verify(`${part({ alg: "none", kid: "k1" })}.${part(claims)}.`)).toBeNull();
    expect(verify(forge({ alg: "HS512", kid: "k1" }, claims, secret))).toBeNull();
    expect(verify(forge({ alg: "HS256", kid: "__proto__" }, claims, secret))).toBeNull();
    expect(verify(forge({ alg: "HS256", kid: ["k1"] }, claims, secret))).toBeNull();
    expect(verify(forge({ alg: "HS256" }, claims, secret))).toBeNull();
    expect(
      verify(forge({ alg: "HS256", kid: "k1" }, { ...claims, entryId: { $gt: "" } }, secret)),
    ).toBeNull();
    expect(verify(forge({ alg: "HS256", kid: "k1" }, { ...claims, exp: undefined }, secret))).toBeNull();
  });

  it("of any other text is refused without an error", () => {
    const token = at(NOW).sign(typedClaims(place, NOW));
    const mangled = fc
      .tuple(fc.nat(token.length - 1), fc.string({ minLength: 1, maxLength: 3 }))
      .map(([index, text]) => token.slice(0, index) + text + token.slice(index + text.length));
    fc.assert(
      fc.property(fc.oneof(fc.string(), mangled), (text) => {
        fc.pre(text !== token);
        const claims = at(NOW).verify(text, "status");
        // The last character of a base64url part holds spare bits: another may stand for the same bytes.
        if (claims !== null) expect(text.slice(0, -1)).toBe(token.slice(0, -1));
      }),
      { numRuns: 2000 },
    );
    expect(at(NOW).verify("x".repeat(100_000), "status")).toBeNull();
  });

  it("has an address at which it shows the place", () => {
    expect(statusUrlOf("https://w.example/", "abc", "t.t.t")).toBe(
      "https://w.example/v1/entries/abc?token=t.t.t",
    );
  });
});

describe("keys", () => {
  it.each([
    "",
    "k1",
    "k1:short",
    ":0123456789abcdef",
    "k 1:0123456789abcdef",
    "k:0123456789abcdef,k:0123456789abcdef",
  ])("%j are refused, without telling a secret", (keys) => {
    const create = () => createTokens(keys, () => NOW);
    expect(create).toThrow(TokenKeysError);
    expect(create).not.toThrow(/0123456789abcdef|short/);
  });

  it("may hold colons in their secrets", () => {
    expect(() => createTokens("k1:a:b:0123456789abcdef", () => NOW)).not.toThrow();
  });
});
