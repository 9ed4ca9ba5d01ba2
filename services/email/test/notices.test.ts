import type { RosterRecord } from "@waitlist/roster";
import { type operations as Operations, operations, toHistory } from "@waitlist/roster/testing";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { evolveRecipient, type Recipient } from "../src/domain/recipient.ts";
import { createOwners, cutsOf, type Weakness } from "./support/notice-owners.ts";
import { expectedNotices, HOUR } from "./support/notice-reference.ts";

const START = 10 * 24 * HOUR;

/** Times between records: often just around the hour, and now and then backwards. */
const gap = fc.oneof(
  { weight: 4, arbitrary: fc.nat(40 * 60_000) },
  {
    weight: 2,
    arbitrary: fc.constantFrom(0, HOUR - 1, HOUR, HOUR + 1, 5 * HOUR, -1, -HOUR / 2, -3 * HOUR),
  },
);

const life = fc.record({
  operations,
  gaps: fc.array(gap, { minLength: 24, maxLength: 24 }),
  sizes: fc.array(fc.integer({ min: 1, max: 6 }), { minLength: 1, maxLength: 3 }),
  crashes: fc.array(fc.nat(30), { maxLength: 4 }),
  former: fc.nat(60),
  current: fc.nat(60),
  scheduler: fc.scheduler(),
  back: fc.nat(12),
});

function historyOf(list: typeof Operations extends fc.Arbitrary<infer T> ? T : never, gaps: number[]) {
  let timestamp = START;
  // Two people instead of four: they meet themselves more often.
  const closer = list.map((each) => ("who" in each ? { ...each, who: each.who % 2 } : each));
  return toHistory(closer).map((record, index) => {
    timestamp += gaps[index] ?? 0;
    return { ...record, timestamp };
  });
}

/** Throws where two notices of one entry are less than an hour apart, by the log's time. */
function assertHourApart(notices: string[], history: RosterRecord[]): void {
  const read = notices.map((id) => {
    const [, entryId = "", offset] = id.split(":");
    return { entryId, at: history[Number(offset)]?.timestamp ?? Number.NaN };
  });
  for (const times of Map.groupBy(read, ({ entryId }) => entryId).values()) {
    const sorted = times.map(({ at }) => at).sort((one, other) => one - other);
    for (const [index, at] of sorted.slice(1).entries()) {
      expect(at - (sorted[index] ?? 0)).toBeGreaterThanOrEqual(HOUR);
    }
  }
}

const atMostOneAnHour = (weakness: Weakness = {}) =>
  fc.asyncProperty(life, async ({ crashes, former, current, scheduler, back, ...values }) => {
    const history = historyOf(values.operations, values.gaps);
    const cuts = cutsOf(history.length, values.sizes);
    const owners = createOwners(history, cuts, weakness);
    for (const writes of crashes) await owners.run(writes);
    await scheduler.waitFor(Promise.all([former, current].map((writes) => owners.run(writes, scheduler))));
    await owners.run(Number.POSITIVE_INFINITY);
    owners.goBack(back);
    await owners.run(Number.POSITIVE_INFINITY);
    assertHourApart(owners.notices(), history);
    expect(owners.notices().toSorted()).toEqual(expectedNotices(history, cuts).toSorted());
  });

test("whatever crashes, overlaps or is replayed: no two notices within an hour, and one for each repeat that is due", async () => {
  await fc.assert(atMostOneAnHour(), { numRuns: 3000 });
});

test("with nothing but repeats, the first of each hour is answered and no other", async () => {
  const repeats = fc.array(fc.integer({ min: 0, max: 2 * HOUR }), { minLength: 1, maxLength: 24 });
  const property = fc.asyncProperty(repeats, async (gaps) => {
    const joins = gaps.map(() => ({ op: "join" as const, who: 0, confirms: false }));
    const history = historyOf([{ op: "join", who: 0, confirms: false }, ...joins], [0, ...gaps]);
    const owners = createOwners(history, cutsOf(history.length, [1]));
    await owners.run(Number.POSITIVE_INFINITY);
    let last = Number.NEGATIVE_INFINITY;
    const due = history.slice(1).filter(({ timestamp }) => {
      if (timestamp - last < HOUR) return false;
      last = timestamp;
      return true;
    });
    expect(owners.notices()).toEqual(due.map(({ offset }) => `already:${"a".repeat(26)}:${offset}`));
  });
  await fc.assert(property, { numRuns: 500 });
});

describe("each rule is needed: without it, there are too many notices or too few", () => {
  const noted = (
    recipient: Recipient | null,
    { offset, timestamp: at }: { offset: number; timestamp: number },
  ) => recipient && { ...recipient, noticed: { offset, at } };
  const weaknesses: [string, Weakness][] = [
    [
      "an hour has to pass",
      {
        evolve: (recipient, record, outcome) =>
          outcome.kind === "repeated"
            ? noted(recipient, record)
            : evolveRecipient(recipient, record, outcome),
      },
    ],
    [
      "it is an hour from the last one, not the next one on the clock",
      {
        evolve: (recipient, record, outcome) => {
          if (outcome.kind !== "repeated") return evolveRecipient(recipient, record, outcome);
          const hourOf = (at: number) => Math.floor(at / HOUR);
          const isNext = hourOf(recipient?.noticed?.at ?? 0) < hourOf(record.timestamp);
          return isNext ? noted(recipient, record) : recipient;
        },
      },
    ],
    ["an erasure keeps the time of the last one", { remains: () => null }],
    ["a replay is judged by the stored entry", { isBlindToReplays: true }],
  ];

  test.for(weaknesses)("%s", async ([_rule, weakness]) => {
    const { failed } = await fc.check(atMostOneAnHour(weakness), { numRuns: 20_000, endOnFailure: true });
    expect(failed).toBe(true);
  });
});
