// What a database does with resends, reports and refused addresses is what the ledger in memory does.
import fc from "fast-check";
import { afterAll, beforeEach, expect, test } from "vitest";
import { createMongoLedger, type MongoLedger } from "../src/adapters/mongo-ledger.ts";
import type { MailDocument } from "../src/adapters/mongo-mail-document.ts";
import type { Mail } from "../src/domain/mail.ts";
import type { MailLedger, Resends, Settlement, Undeliverables } from "../src/ports.ts";
import { openDatabase } from "./support/database.ts";
import { createMemoryLedger } from "./support/memory-ledger.ts";

const { db, drop } = openDatabase("email-resends");
const clock = () => 1000;
const MAILS = 3;
const ids = Array.from({ length: MAILS }, (_, number) => `welcome:a:${number}`);
let ledger: MongoLedger;

beforeEach(async () => {
  ledger = await createMongoLedger(db, clock);
});
afterAll(drop);

const mail = (id: string, joinOffset: number): Mail => ({
  ...{ id, kind: "welcome", waitlistId: "first", entryId: "a", joinOffset },
  ...{ position: 1, definitionOffset: 0, causedAt: 0 },
});

const ENDS = ["sent", "failed", "refused", "ambiguous", "suppressed", "queued"] as const;
const offset = fc.nat(4);
const which = fc.nat(MAILS - 1);
const step = fc.oneof(
  fc.record({ op: fc.constant("send" as const), which, end: fc.constantFrom(...ENDS) }),
  fc.record({ op: fc.constant("cancel" as const), which }),
  fc.record({ op: fc.constant("suppress" as const), which, offset }),
  fc.record({ op: fc.constant("report" as const), which }),
  fc.record({ op: fc.constant("name" as const), which, offset, id: fc.nat(4) }),
  fc.record({
    op: fc.constant("select" as const),
    offset,
    status: fc.constantFrom("failed" as const, "ambiguous"),
  }),
);
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

function settlementOf(end: (typeof ENDS)[number]): Settlement {
  const failure = { cause: "X" };
  switch (end) {
    case "sent":
      return { state: "sent" };
    case "suppressed":
      return { state: "suppressed", failure: { cause: "UNDELIVERABLE" } };
    case "queued":
      return { state: "queued", attempts: 1, notBefore: 0, failure };
    case "refused": {
      const undeliverable = { at: 5, cause: "recipient-refused", source: "smtp" as const };
      return { state: "failed", attempts: 1, failure, undeliverable };
    }
    default:
      return { state: end, attempts: 1, failure };
  }
}

const sumOf = (taken: { count: number }[]) => taken.reduce((sum, { count }) => sum + count, 0);

async function take(into: MailLedger & Resends & Undeliverables, done: Step): Promise<unknown> {
  const id = "which" in done ? (ids[done.which] ?? "") : "";
  const resent = (at: number, resendId: string, byName: boolean) => ({
    ...{ offset: at, resendId, at: 0, by: "ada", byName },
  });
  switch (done.op) {
    case "send": {
      const [held] = await into.claim([id], "one", 1000);
      if (held) await into.settle({ mail: held, settlement: settlementOf(done.end) });
      return held !== undefined;
    }
    case "cancel":
      return sumOf(await into.cancel([id]));
    case "suppress":
      return sumOf(await into.suppressUndeliverable([id], done.offset));
    case "report":
      return into.report(id, { at: 6, cause: "bounced", source: "report" });
    case "name":
      return into.resend([id], resent(done.offset, `m-${done.id}`, true), null);
    case "select": {
      const found: string[] = [];
      const wanted = { selection: { status: done.status } };
      for await (const some of into.resendable("first", wanted)) found.push(...some.map((each) => each.id));
      const asked = resent(done.offset, `s-${done.offset}`, false);
      return (await into.resend(found, asked, done.status)).toSorted();
    }
  }
}

async function play(into: MailLedger & Resends & Undeliverables, steps: Step[]): Promise<unknown[]> {
  await into.queue(ids.map(mail));
  const answers: unknown[] = [];
  for (const each of steps) answers.push(await take(into, each));
  const unproposed = (await into.unproposed(10)).map(({ id, undeliverable }) => [id, undeliverable]);
  return [...answers, unproposed.toSorted()];
}

test("whatever is asked for, in any order: the answers and states are those of the guards in memory", async () => {
  const mails = db.collection<MailDocument>("mails");
  const seen = new Set<string>();
  const property = fc.asyncProperty(fc.array(step, { maxLength: 14 }), async (steps) => {
    await mails.deleteMany({});
    const memory = createMemoryLedger(clock);
    expect(await play(ledger, steps)).toEqual(await play(memory, steps));
    for (const { _id: id, state, resent, undeliverable } of await mails.find().toArray()) {
      const row = memory.rows.get(id);
      expect([id, state, resent, undeliverable]).toEqual([id, row?.state, row?.resent, row?.undeliverable]);
      seen.add(`${state}${resent ? ", asked for" : ""}`);
    }
  });
  const send = (end: "failed" | "sent"): Step => ({ op: "send", which: 0, end });
  const again: Step = { op: "name", which: 0, offset: 1, id: 1 };
  const examples: [Step[]][] = [
    [[send("failed"), again, send("sent"), again]],
    [[{ op: "suppress", which: 1, offset: 1 }, again]],
    [[send("failed"), again]],
  ];
  await fc.assert(property, { numRuns: 100, examples });
  expect([...seen]).toEqual(expect.arrayContaining(["queued, asked for", "sent, asked for", "suppressed"]));
});
