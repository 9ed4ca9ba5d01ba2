// What several connections write together: each gets the answer that it would have got alone.
import fc from "fast-check";
import { type Collection, MongoNetworkError, MongoServerError, type UpdateFilter } from "mongodb";
import { afterAll, beforeEach, describe, expect, test } from "vitest";
import { createMongoLedger } from "../src/adapters/mongo-ledger.ts";
import type { MailDocument } from "../src/adapters/mongo-mail-document.ts";
import { createTransitions } from "../src/adapters/mongo-transitions.ts";
import { createUpdateInOrder } from "../src/adapters/mongo-updates.ts";
import type { ClaimedMail, Mail } from "../src/domain/mail.ts";
import type { MailLedger, Settlement } from "../src/ports.ts";
import { openDatabase } from "./support/database.ts";
import { createMemoryLedger } from "./support/memory-ledger.ts";

const { db, drop } = openDatabase("email-transitions");
const mails: Collection<MailDocument> = db.collection("mails");
const LEASE_MS = 1000;
const clock = () => 1000;
let ledger: MailLedger;

beforeEach(async () => {
  await mails.deleteMany({});
  ledger = await createMongoLedger(db, clock);
});
afterAll(drop);

const welcome = (number: number): Mail => ({
  ...{ id: `welcome:a:${number}`, kind: "welcome", waitlistId: "first", entryId: "a" },
  ...{ joinOffset: number, position: 1, definitionOffset: 0, causedAt: 0 },
});

async function claim(count: number, into: MailLedger = ledger): Promise<ClaimedMail[]> {
  const queued = await into.queue(Array.from({ length: count }, (_, number) => welcome(number)));
  const claimed = await into.claim(queued, "one", LEASE_MS);
  return claimed.toSorted((a, b) => a.joinOffset - b.joinOffset);
}

const states = async () => (await mails.find().sort({ joinOffset: 1 }).toArray()).map(({ state }) => state);

/** Counts the writes, and loses the connection before or after one. */
function watched(plan: ("fine" | "lost-before" | "lost-after")[] = []) {
  const sizes: number[] = [];
  const update = createUpdateInOrder<MailDocument>(db, "mails");
  const watching: typeof update = async (updates) => {
    sizes.push(updates.length);
    const what = plan.shift() ?? "fine";
    if (what === "lost-before") throw new MongoNetworkError("connection lost");
    const found = await update(updates);
    if (what === "lost-after") throw new MongoNetworkError("connection lost");
    return found;
  };
  return { sizes, ...createTransitions(mails, watching, clock) };
}

test("an update that the database refuses fails with the database's reason", async () => {
  await claim(2);
  const update = createUpdateInOrder<MailDocument>(db, "mails");
  const to = (number: number, u: UpdateFilter<MailDocument>) => ({ q: { _id: `welcome:a:${number}` }, u });
  const refused = update([to(0, { $set: { state: "sent" } }), to(1, { $set: { _id: "another" } })]);
  await expect(refused).rejects.toThrow(MongoServerError);
  await expect(refused).rejects.toThrow(/_id/);
  expect(await states()).toEqual(["sent", "claimed"]);
});

test("mails that begin at once cost one write, and those that aren't held any more don't begin", async () => {
  const held = await claim(5);
  await ledger.cancel(["welcome:a:1"]);
  const { begin, sizes } = watched();
  const [first] = held;
  if (!first) throw new Error("nothing claimed");
  const stranger = { ...first, claim: "two" };
  const begun = await Promise.all([stranger, ...held, first].map((mail) => begin(mail, LEASE_MS)));
  expect(begun).toEqual([false, true, false, true, true, true, false]);
  expect(sizes).toEqual([7]);
  expect(await states()).toEqual(["sending", "suppressed", "sending", "sending", "sending"]);
  expect(await Promise.all(held.map((mail) => begin(mail, LEASE_MS)))).toEqual(held.map(() => false));
});

describe("a mail that begins after another", () => {
  test("takes its outcome along, once", async () => {
    const [first, second] = await claim(2);
    if (!first || !second) throw new Error("nothing claimed");
    const { begin, settle, sizes } = watched();
    await begin(first, LEASE_MS);
    const outcome = { mail: first, settlement: { state: "sent" as const } };
    await Promise.all([settle(outcome), begin(second, LEASE_MS, outcome)]);
    await settle(outcome);
    expect(sizes).toEqual([1, 2]);
    expect(await states()).toEqual(["sent", "sending"]);
  });

  test("does so again where the outcome's own write was lost", async () => {
    const [first, second] = await claim(2);
    if (!first || !second) throw new Error("nothing claimed");
    const { begin, settle, sizes } = watched(["fine", "lost-before"]);
    await begin(first, LEASE_MS);
    const outcome = { mail: first, settlement: { state: "sent" as const } };
    await expect(settle(outcome)).rejects.toThrow("connection lost");
    expect(await begin(second, LEASE_MS, outcome)).toBe(true);
    await settle(outcome);
    expect(sizes).toEqual([1, 1, 2]);
    expect(await states()).toEqual(["sent", "sending"]);
  });
});

test.for(["lost-before", "lost-after"] as const)(
  "an outage (%s the write) fails all that were written together, and their outcomes can still be told",
  async (what) => {
    const held = await claim(3);
    const { begin, settle } = watched([what]);
    const results = await Promise.allSettled(held.map((mail) => begin(mail, LEASE_MS)));
    expect(results.map(({ status }) => status)).toEqual(held.map(() => "rejected"));
    const settlement: Settlement = { state: "queued", attempts: 0, notBefore: clock() };
    await Promise.all(held.map((mail) => settle({ mail, settlement })));
    expect(await states()).toEqual(["queued", "queued", "queued"]);
    expect(await ledger.claim(await ledger.due(10), "two", LEASE_MS)).toHaveLength(3);
  },
);

/** Written together; a mail that is settled doesn't begin meanwhile, since its outcome follows its beginning. */
interface Round {
  settling: boolean[];
  steps: { mail: number; claim: string; isSent: boolean; after: number }[];
}

const round: fc.Arbitrary<Round> = fc.record({
  settling: fc.array(fc.boolean(), { minLength: 4, maxLength: 4 }),
  steps: fc.array(
    fc.record({
      ...{ mail: fc.nat(3), claim: fc.constantFrom("one", "one", "two") },
      ...{ isSent: fc.boolean(), after: fc.nat(7) },
    }),
    { maxLength: 8 },
  ),
});

async function play(into: MailLedger, rounds: Round[]): Promise<unknown[]> {
  const held = await claim(4, into);
  const answers: unknown[] = [];
  for (const { settling, steps } of rounds) {
    const outcomes = held.map((mail) => ({ mail, settlement: { state: "sent" as const } }));
    const asked = steps.map(({ mail: index, claim: by, isSent, after }) => {
      const mail = { ...(held[index] ?? { ...welcome(index), attempts: 0 }), claim: by };
      if (!settling[index]) return into.begin(mail, LEASE_MS, settling[after] ? outcomes[after] : undefined);
      const queued = { state: "queued" as const, attempts: 1, notBefore: 0 };
      return into.settle({ mail, settlement: isSent ? { state: "sent" } : queued });
    });
    answers.push(await Promise.all(asked));
  }
  return answers;
}

test("whatever is written together: the answers and states are those of one after the other", async () => {
  const seen = new Set<unknown>();
  const property = fc.asyncProperty(fc.array(round, { maxLength: 4 }), async (rounds) => {
    await mails.deleteMany({});
    const memory = createMemoryLedger(clock);
    const answers = await play(ledger, rounds);
    expect(answers).toEqual(await play(memory, rounds));
    expect(await states()).toEqual([...memory.rows.values()].map(({ state }) => state));
    for (const answer of answers.flat()) seen.add(answer);
  });
  await fc.assert(property, { numRuns: 100 });
  expect(seen).toEqual(new Set([true, false, undefined]));
});
