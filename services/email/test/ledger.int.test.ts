// The ledger against a real database: every change of state is a compare-and-set.

import { uniqueName } from "@waitlist/testing";
import { afterAll, beforeEach, describe, expect, test } from "vitest";
import { createMongoLedger } from "../src/adapters/mongo-ledger.ts";
import type { ClaimedMail, Mail } from "../src/domain/mail.ts";
import type { MailLedger } from "../src/ports.ts";
import { openDatabase } from "./support/database.ts";

const { db, drop } = openDatabase("email-ledger");
const LEASE_MS = 1000;
const failure = { cause: "ECONNECTION" };
let now = 0;
let ledger: MailLedger;
let waitlistId = "";

beforeEach(async () => {
  now = 1000;
  waitlistId = uniqueName("list");
  await db.collection("mails").deleteMany({});
  ledger = await createMongoLedger(db, () => now);
});

afterAll(drop);

const mail = (id: string): Mail => ({
  ...{ id, kind: id.startsWith("welcome:") ? "welcome" : "invite", waitlistId, entryId: "a".repeat(26) },
  ...{ joinOffset: 0, position: 1, definitionOffset: 0, causedAt: 0 },
  ...(id.startsWith("invite:")
    ? { invite: { code: "ABCD-EFGH-2345", expiresAt: "2030-01-01T00:00:00Z" } }
    : {}),
});
const welcome = (number: number) => `welcome:${"a".repeat(26)}:${number}`;

async function claimed(id: string, claim = "one"): Promise<ClaimedMail> {
  await ledger.queue([mail(id)]);
  const [found] = await ledger.claim([id], claim, LEASE_MS);
  if (!found) throw new Error("nothing to claim");
  return found;
}

const stateOf = async (id: string): Promise<unknown> =>
  (await db.collection<{ _id: string; state: string }>("mails").findOne({ _id: id }))?.state;

test("a mail is queued once, and a replay leaves it as it is", async () => {
  expect(await ledger.queue([mail(welcome(0)), mail(welcome(1))])).toEqual([welcome(0), welcome(1)]);
  const [first] = await ledger.claim([welcome(0)], "one", LEASE_MS);
  expect(await ledger.queue([mail(welcome(0)), mail(welcome(2))])).toEqual([welcome(2)]);
  expect(await stateOf(welcome(0))).toBe("claimed");
  expect(first).toMatchObject({ ...mail(welcome(0)), attempts: 0, claim: "one" });
});

test("two who claim the same mails at once share them without overlap", async () => {
  const ids = Array.from({ length: 200 }, (_, number) => welcome(number));
  await ledger.queue(ids.map(mail));
  const claims = await Promise.all(
    ["one", "two", "three"].map((claim) => ledger.claim(ids, claim, LEASE_MS)),
  );
  const taken = claims.flat().map(({ id }) => id);
  expect(taken).toHaveLength(200);
  expect(new Set(taken).size).toBe(200);
});

test("a mail is not claimed before it is due", async () => {
  const held = await claimed("invite:i-1");
  await ledger.settle({
    mail: held,
    settlement: { state: "queued", attempts: 1, notBefore: now + 500, failure },
  });
  expect(await ledger.due(10)).toEqual([]);
  expect(await ledger.claim([held.id], "two", LEASE_MS)).toEqual([]);
  now += 500;
  expect(await ledger.due(10)).toEqual([held.id]);
  expect(await ledger.claim([held.id], "two", LEASE_MS)).toMatchObject([
    { attempts: 1, invite: held.invite },
  ]);
});

describe("a mail may begin to be sent", () => {
  test("once, by who holds it", async () => {
    const held = await claimed(welcome(0));
    expect(await ledger.begin({ ...held, claim: "two" }, LEASE_MS)).toBe(false);
    expect(await ledger.begin(held, LEASE_MS)).toBe(true);
    expect(await ledger.begin(held, LEASE_MS)).toBe(false);
  });

  test("not after its place has ended", async () => {
    const held = await claimed(welcome(0));
    expect(await ledger.cancel([held.id, welcome(1), "invite:i-1"])).toEqual([
      { kind: "welcome", count: 1 },
      { kind: "invite", count: 0 },
    ]);
    expect(await ledger.begin(held, LEASE_MS)).toBe(false);
    await ledger.settle({ mail: held, settlement: { state: "queued", attempts: 1, notBefore: now } });
    expect(await stateOf(held.id)).toBe("suppressed");
  });
});

test("what is being sent or was sent can't be taken back", async () => {
  const held = await claimed(welcome(0));
  await ledger.begin(held, LEASE_MS);
  await ledger.cancel([held.id]);
  expect(await stateOf(held.id)).toBe("sending");
  await ledger.settle({ mail: held, settlement: { state: "sent" } });
  await ledger.cancel([held.id]);
  expect(await stateOf(held.id)).toBe("sent");
});

describe("when a lease runs out", () => {
  test("what was only claimed waits for the next sender, and the former one can't begin it", async () => {
    const held = await claimed(welcome(0));
    expect(await ledger.recover()).toEqual([]);
    now += LEASE_MS + 1;
    expect(await ledger.recover()).toEqual([{ id: held.id, kind: "welcome", state: "queued" }]);
    expect(await ledger.begin(held, LEASE_MS)).toBe(false);
    expect(await ledger.claim([held.id], "two", LEASE_MS)).toHaveLength(1);
    expect(await ledger.begin(held, LEASE_MS)).toBe(false);
  });

  test("what was being sent is ambiguous, and stays so", async () => {
    const held = await claimed(welcome(0));
    await ledger.begin(held, LEASE_MS);
    now += LEASE_MS + 1;
    expect(await ledger.recover()).toEqual([{ id: held.id, kind: "welcome", state: "ambiguous" }]);
    now += 10 * LEASE_MS;
    expect(await ledger.recover()).toEqual([]);
    expect(await ledger.due(10)).toEqual([]);
  });

  test("its holder, should it be alive after all, may still say what happened", async () => {
    const held = await claimed(welcome(0));
    await ledger.begin(held, LEASE_MS);
    now += LEASE_MS + 1;
    await ledger.recover();
    await ledger.settle({ mail: held, settlement: { state: "sent" } });
    expect(await stateOf(held.id)).toBe("sent");
  });
});

test("erasure leaves nothing of an invite's code", async () => {
  await ledger.queue([mail("invite:i-1")]);
  await ledger.forget(["invite:i-1"]);
  const left = await db.collection<{ _id: string }>("mails").findOne({ _id: "invite:i-1" });
  expect(JSON.stringify(left)).not.toContain("ABCD");
});

test("mails are counted by kind and state", async () => {
  await ledger.queue([mail(welcome(0)), mail(welcome(1)), mail("invite:i-1")]);
  await ledger.cancel([welcome(1)]);
  const counts = await ledger.counts(waitlistId);
  expect(counts.toSorted((a, b) => `${a.kind}${a.state}`.localeCompare(`${b.kind}${b.state}`))).toEqual([
    { kind: "invite", state: "queued", count: 1 },
    { kind: "welcome", state: "queued", count: 1 },
    { kind: "welcome", state: "suppressed", count: 1 },
  ]);
  expect(await ledger.counts(uniqueName("other"))).toEqual([]);
});
