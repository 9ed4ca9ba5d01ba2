import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Weakness } from "./support/memory-ledger.ts";
import { createPostOffice, LEASE_MS, type Round } from "./support/post-office.ts";

const MAILS = 3;

const round: fc.Arbitrary<Round> = fc.record({
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
