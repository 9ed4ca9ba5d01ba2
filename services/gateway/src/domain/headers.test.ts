import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { bearerOf, idempotencyKeyOf, judgeIfMatch, preferredWait } from "./headers.ts";

describe("Prefer", () => {
  it.each([
    [undefined, 0],
    ["", 0],
    ["wait=5", 5],
    ["WAIT=5", 5],
    ["wait = 5", 5],
    ['wait="5"', 5],
    ["respond-async, wait=3", 3],
    ["respond-async;x=1,wait=3;foo=bar", 3],
    ["wait=99", 10],
    ["wait=0", 0],
    ["wait=-1", 0],
    ["wait=1.5", 0],
    ["wait", 0],
    ["wait=1e9", 0],
    ["wait=2, wait=7", 2],
    ["waiting=5", 0],
  ])("%j asks for %d seconds", (header, seconds) => {
    expect(preferredWait(header)).toBe(seconds);
  });

  it("never fails and never asks for more than 10 seconds", () => {
    fc.assert(
      fc.property(fc.string(), (header) => {
        const seconds = preferredWait(header);
        expect(seconds >= 0 && seconds <= 10 && Number.isInteger(seconds)).toBe(true);
      }),
    );
  });
});

describe("If-Match", () => {
  it.each<[string | undefined, string | null, ReturnType<typeof judgeIfMatch>]>([
    [undefined, null, "any"],
    [undefined, '"1"', "any"],
    ["*", null, "refused"],
    ["*", '"1"', "any"],
    ['"1"', '"1"', "this"],
    ['"0", "1"', '"1"', "this"],
    ['W/"1"', '"1"', "refused"],
    ['"2"', '"1"', "refused"],
    ["", '"1"', "refused"],
  ])("%j against %j: %s", (header, etag, judgement) => {
    expect(judgeIfMatch(header, etag)).toBe(judgement);
  });
});

describe("Authorization", () => {
  it.each([
    ["Bearer abc", "abc"],
    ["bearer abc", "abc"],
    ["Bearer  abc ", "abc"],
    ["Basic abc", undefined],
    ["Bearer", undefined],
    ["Bearer a b", undefined],
    [undefined, undefined],
  ])("%j shows %j", (header, token) => {
    expect(bearerOf(header)).toBe(token);
  });
});

describe("Idempotency-Key", () => {
  it("is any visible text of up to 200 characters", () => {
    expect(idempotencyKeyOf(undefined)).toBeUndefined();
    expect(idempotencyKeyOf('"8e03978e-40d5"')).toBe('"8e03978e-40d5"');
    for (const header of ["", "a b", "a\tb", "é", "x".repeat(201), ["a", "b"]]) {
      expect(() => idempotencyKeyOf(header)).toThrow("The request is not valid.");
    }
  });
});
