import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Weakness } from "./support/memory-ledger.ts";
import { createPostOffice, LEASE_MS, type Round } from "./support/post-office.ts";

const MAILS = 3;

const round = fc.record({
  senders: fc.array(
    fc.record({
      fault: fc.record({
        at: fc.nat(12),
        what: fc.constantFrom(
          ...(["crash-before", "crash-after", "throw-before", "throw-after", "none"] as const),
        ),
      }),
      startAfter: fc.nat(60),
      turns: fc.array(fc.nat(20), { minLength: 1, maxLength: 6 }),
    }),
    { minLength: 1, maxLength: 3 },
  ),
  server: fc.array(
    fc.constantFrom(...(["take", "refuse", "defer", "cut-before", "cut-during", "cut-after"] as const)),
    { maxLength: 6 },
  ),
  ends: fc.array(fc.record({ mail: fc.nat(MAILS - 1), turns: fc.nat(60) }), { maxLength: 1 }),
  leasesEnd: fc.array(fc.nat(80), { maxLength: 2 }),
  pauseMs: fc.constantFrom(0, 1, LEASE_MS + 1),
});

/** For each final state, how often the mail may have arrived. */
const ARRIVALS: Record<string, number[]> = { sent: [1], failed: [0], suppressed: [0], ambiguous: [0, 1] };

const eachMailOnce = (weakness: Weakness = {}) =>
  fc.asyncProperty(fc.array(round, { maxLength: 5 }), async (rounds) => {
    const office = createPostOffice(MAILS, weakness);
    await office.start();
    for (const each of rounds) await office.run(each);
    expect(office.mostLeftOpen()).toBeLessThanOrEqual(1);
    await office.finish();
    for (const { id, state } of office.ledger.rows.values()) {
      const arrived = office.inbox.get(id) ?? 0;
      const allowed = office.stopped.has(id) ? [0] : (ARRIVALS[state] ?? []);
      expect(allowed, `${state} after ${arrived} arrivals`).toContain(arrived);
    }
  });

test("whatever crashes wherever: each mail arrives once, or there is a reason on record why that isn't certain", async () => {
  await fc.assert(eachMailOnce(), { numRuns: 3000 });
});

describe("each guard is needed: without it, a mail goes out twice, or more than one is lost sight of", () => {
  const weaknesses: [string, Weakness][] = [
    ["only who holds the claim may begin", { unguardedBegin: true }],
    ["what was being sent is never sent again blindly", { resendsBlindly: true }],
    ["only who holds the claim may write the outcome", { unguardedSettle: true }],
    ["a mail begins only once the one before it is settled", { forgetsForerunner: true }],
  ];

  test.for(weaknesses)("%s", async ([_guard, weakness]) => {
    const { failed } = await fc.check(eachMailOnce(weakness), { numRuns: 20_000, endOnFailure: true });
    expect(failed).toBe(true);
  });
});

/** The same, while an admin's requests are read, each perhaps by several owners or again by a replay. */
const roundWithRequests: fc.Arbitrary<Round> = fc
  .tuple(
    round,
    fc.array(fc.record({ mail: fc.nat(MAILS - 1), offset: fc.nat(2), turns: fc.nat(60) }), { maxLength: 4 }),
  )
  .map(([rest, requests]) => ({ ...rest, requests }));

const eachResentOnce = (weakness: Weakness = {}) =>
  fc.asyncProperty(fc.array(roundWithRequests, { maxLength: 5 }), async (rounds) => {
    const office = createPostOffice(MAILS, weakness);
    await office.start();
    for (const each of rounds) await office.run(each);
    await office.finish();
    const resends = [...office.resends.values()];
    for (const { from } of resends) {
      expect(from).toHaveLength(1);
      expect(["failed", "ambiguous"]).toContain(from[0]);
    }
    for (const { id, state } of office.ledger.rows.values()) {
      const arrived = office.inbox.get(id) ?? 0;
      const own = resends.filter((resend) => resend.id === id);
      // What was ambiguous may have arrived before it was asked for once more; what had failed has not.
      const before = own.filter(({ from }) => from[0] === "ambiguous").length;
      const [least = 0, most = 0] = [ARRIVALS[state]?.at(0), ARRIVALS[state]?.at(-1)];
      expect(arrived).toBeGreaterThanOrEqual(office.stopped.has(id) ? 0 : least);
      expect(arrived, `${state} after ${arrived} arrivals`).toBeLessThanOrEqual(most + before);
    }
  });

test("a mail that is asked for again goes out once more for each request, however often that is read", async () => {
  await fc.assert(eachResentOnce(), { numRuns: 3000 });
});

describe("each guard of a resend is needed", () => {
  const weaknesses: [string, Weakness][] = [
    ["a request is followed once", { resendsAtEachReading: true }],
    ["what was sent, or is on its way, is not sent again", { resendsAnything: true }],
  ];

  test.for(weaknesses)("%s", async ([_guard, weakness]) => {
    const { failed } = await fc.check(eachResentOnce(weakness), { numRuns: 20_000, endOnFailure: true });
    expect(failed).toBe(true);
  });
});
