import { decodeEvent, encodeEvent, type WaitlistEvent } from "@waitlist/contracts";
import fc from "fast-check";
import { describe, expect, test, vi } from "vitest";
import { createMemoryLedger, type Weakness } from "../../test/support/memory-ledger.ts";
import type { Mail } from "../domain/mail.ts";
import { createReportUndeliverable } from "../handlers/report-undeliverable.ts";
import type { Undeliverables } from "../ports.ts";
import { createHint, createProposeUndeliverable } from "./propose-undeliverable.ts";

const idOf = (number: number) => `welcome:${"a".repeat(26)}:${number}`;
const mail = (number: number): Mail => ({
  ...{ id: idOf(number), kind: "welcome", waitlistId: "first", entryId: "a".repeat(26), joinOffset: number },
  ...{ position: 1, definitionOffset: null, causedAt: 0 },
});
const go = new AbortController().signal;

/** A ledger with mails that were refused, and a log. */
async function start(refused: number, weakness: Weakness = {}) {
  let now = 0;
  const ledger = createMemoryLedger(() => now, weakness);
  const log: WaitlistEvent[] = [];
  const propose = vi.fn(async (facts: WaitlistEvent[]) => void log.push(...facts));
  const hint = createHint();
  await ledger.queue(Array.from({ length: refused }, (_, number) => mail(number)));
  const held = await ledger.claim([...ledger.rows.keys()], "one", 1000);
  const undeliverable = { at: 0, cause: "recipient-refused", replyCode: 550, source: "smtp" as const };
  for (const each of held) {
    const failure = { cause: "EENVELOPE" };
    await ledger.settle({ mail: each, settlement: { state: "failed", attempts: 1, failure, undeliverable } });
  }
  return {
    ...{ ledger, log, propose, hint },
    pass: (ms: number) => {
      now += ms;
    },
    /** A new process: nothing but the ledger is left. */
    restart: (over: Pick<Undeliverables, "unproposed" | "proposed"> = ledger) =>
      createProposeUndeliverable({ ledger: over, proposals: { propose }, hint, clock: () => now }),
    report: createReportUndeliverable({
      ...{ ledger, hint, metrics: { count: () => undefined } },
      clock: () => now,
    }),
  };
}

describe("an address that takes no mail is told to the log", () => {
  test("once, by a fact that everybody can read", async () => {
    const { log, restart } = await start(1);
    const turn = restart();
    await turn(go);
    await turn(go);
    await restart()(go);
    expect(log.map((event) => decodeEvent(encodeEvent(event)).kind)).toEqual(["event"]);
    expect(log[0]?.data).toMatchObject({ mailId: idOf(0), joinOffset: 0, cause: "recipient-refused" });
  });

  test("however many there are", async () => {
    const { log, restart } = await start(450);
    await restart()(go);
    expect(new Set(log.map(({ id }) => id)).size).toBe(450);
  });

  test("when a report says so, within the next turn", async () => {
    const { log, report, hint, restart, ledger } = await start(0);
    const turn = restart();
    await turn(go);
    await ledger.queue([mail(0)]);
    expect(await report({ mailId: idOf(0), status: "5.2.1", cause: "bounced", reportedBy: "mta" })).toBe(
      "noted",
    );
    expect(await report({ mailId: idOf(0), status: "5.1.1", cause: "bounced" })).toBe("known");
    expect(await report({ mailId: idOf(1), cause: "bounced" })).toBe("no-such-mail");
    await turn(go);
    expect(log.map(({ data }) => data)).toMatchObject([
      { status: "5.2.1", source: "report", reportedBy: "mta" },
    ]);
    expect(hint.take()).toBe(false);
  });

  test("without a hint within a minute, since another sender may have died", async () => {
    const { log, restart, ledger, pass } = await start(0);
    const turn = restart();
    await turn(go);
    await ledger.queue([mail(0)]);
    await ledger.report(idOf(0), { at: 0, cause: "bounced", source: "report" });
    pass(59_999);
    await turn(go);
    expect(log).toEqual([]);
    pass(1);
    await turn(go);
    expect(log).toHaveLength(1);
  });
});

test.for([
  { mailId: idOf(0), cause: "550 <ada@example.com> unknown" },
  { mailId: idOf(0), cause: "bounced", status: "4.2.2" },
  { mailId: idOf(0), cause: "bounced", status: "unknown" },
])("a report's words are refused: %o", async (said) => {
  const { report, ledger } = await start(0);
  await ledger.queue([mail(0)]);
  await expect(report(said)).rejects.toThrow(TypeError);
  expect(await ledger.unproposed(1)).toEqual([]);
});

/** Turns that end anywhere: before or after the log took it, before or after that was noted. */
const turns = fc.array(fc.record({ dies: fc.constantFrom("before-log", "after-log", "after-note", "not") }), {
  maxLength: 6,
});

const eachIsTold = (weakness: Weakness = {}) =>
  fc.asyncProperty(fc.nat(5), turns, async (refused, plan) => {
    const { log, propose, restart, ledger, pass } = await start(refused, weakness);
    for (const { dies } of plan) {
      const dead = new Error("killed");
      if (dies === "before-log") propose.mockRejectedValueOnce(dead);
      const proposed = async (ids: string[]) => {
        if (dies === "after-log") throw dead;
        await ledger.proposed(ids);
        if (dies === "after-note") throw dead;
      };
      await restart({ unproposed: ledger.unproposed, proposed })(go).catch((error: unknown) => {
        if (error !== dead) throw error;
      });
      pass(1);
    }
    await restart()(go);
    const told = Array.from({ length: refused }, (_, number) => idOf(number));
    const byMail = Map.groupBy(log, ({ data }) => ("mailId" in data ? data.mailId : ""));
    expect([...byMail.keys()].toSorted()).toEqual(told);
    // Whatever is there twice is the same fact.
    for (const facts of byMail.values()) expect(new Set(facts.map(({ id }) => id)).size).toBe(1);
  });

test("wherever it is killed, each is told at least once, and always as the same fact", async () => {
  await fc.assert(eachIsTold(), { numRuns: 500 });
});

test("without a note in the same write as the refusal, some would be told to nobody", async () => {
  const { failed } = await fc.check(eachIsTold({ forgetsUndeliverable: true }), { numRuns: 200 });
  expect(failed).toBe(true);
});
