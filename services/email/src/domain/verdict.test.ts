import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Delivery, judge, retryDelay, type Verdict } from "./verdict.ts";

const rules = { maxAttempts: 3, baseMs: 1000 };
const failure = { cause: "EENVELOPE", command: "RCPT TO", replyCode: 451 };
const given = (delivery: Delivery, attempts = 0, isServerThere = true): Verdict =>
  judge(delivery, attempts, { isServerThere, random: 0.5, rules });

describe("after an attempt", () => {
  test("a message that the server took is sent", () => {
    expect(given({ kind: "accepted" })).toEqual({ state: "sent" });
  });

  test("a temporary refusal waits for another try", () => {
    expect(given({ kind: "refused", permanent: false, failure })).toEqual({
      state: "queued",
      attempts: 1,
      delayMs: 500,
      failure,
    });
  });

  test("a temporary refusal too many is final", () => {
    expect(given({ kind: "refused", permanent: false, failure }, 2)).toMatchObject({
      state: "failed",
      attempts: 3,
    });
  });

  test("a permanent refusal is final at once", () => {
    expect(given({ kind: "refused", permanent: true, failure })).toMatchObject({
      state: "failed",
      attempts: 1,
    });
  });

  test("a cut before the message counts against the mail only while the server is there", () => {
    const cut: Delivery = { kind: "unreached", failure: { cause: "ECONNECTION" } };
    expect(given(cut, 2, false)).toMatchObject({ state: "queued", attempts: 2, delayMs: 0 });
    expect(given(cut, 1, true)).toMatchObject({ state: "queued", attempts: 2 });
    expect(given(cut, 2, true)).toMatchObject({ state: "failed" });
  });

  test("a message without an answer is ambiguous, whatever the server does now", () => {
    const cut: Delivery = { kind: "unanswered", failure: { cause: "ECONNECTION" } };
    expect(given(cut, 0, true)).toMatchObject({ state: "ambiguous" });
    expect(given(cut, 0, false)).toMatchObject({ state: "ambiguous" });
  });

  test("a mail that somebody else has decided about is left alone", () => {
    expect(given({ kind: "withheld" })).toEqual({ state: "left-alone" });
  });

  test("a mail whose sending could not be recorded goes back without blame", () => {
    expect(given({ kind: "unrecorded" }, 2)).toEqual({ state: "queued", attempts: 2, delayMs: 0 });
  });
});

test("a delay lies between nothing and a bound that doubles, at most an hour", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 60 }),
      fc.double({ min: 0, max: 0.999_999, noNaN: true }),
      (attempt, random) => {
        const delay = retryDelay(attempt, 1000, random);
        expect(delay).toBeGreaterThanOrEqual(0);
        expect(delay).toBeLessThan(Math.min(1000 * 2 ** (attempt - 1), 3_600_000));
      },
    ),
  );
});
