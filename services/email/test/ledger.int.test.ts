// The ledger against a real database: every change of state is a compare-and-set.

import { uniqueName } from "@waitlist/testing";
import { afterAll, beforeEach, describe, expect, test } from "vitest";
import { createMongoLedger, type MongoLedger } from "../src/adapters/mongo-ledger.ts";
import { type ClaimedMail, type Mail, messageIdOf } from "../src/domain/mail.ts";
import { openDatabase } from "./support/database.ts";

const { db, drop } = openDatabase("email-ledger");
const LEASE_MS = 1000;
const failure = { cause: "ECONNECTION" };
let now = 0;
let ledger: MongoLedger;
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

describe("attempts", () => {
  const refused = { outcome: "refused" as const, cause: "EENVELOPE", command: "RCPT TO", replyCode: 451 };
  const stored = (id: string) => ledger.find(waitlistId, id);

  test("are kept with the mail, the newest twenty", async () => {
    let held = await claimed(welcome(0));
    for (let attempts = 1; attempts <= 25; attempts++) {
      const settlement = { state: "queued" as const, attempts, notBefore: now, failure };
      await ledger.settle({ mail: held, settlement, attempt: { at: attempts, ...refused } });
      const [again] = await ledger.claim([held.id], `claim ${attempts}`, LEASE_MS);
      if (!again) throw new Error("nothing to claim");
      held = again;
    }
    await ledger.begin(held, LEASE_MS);
    const accepted = { at: 26, outcome: "accepted" as const };
    await ledger.settle({ mail: held, settlement: { state: "sent" }, attempt: accepted });
    const tries = (await stored(held.id))?.tries ?? [];
    expect(tries.map(({ at }) => at)).toEqual(Array.from({ length: 20 }, (_, index) => 7 + index));
    expect(tries.slice(-2)).toEqual([{ at: 25, ...refused }, accepted]);
  });

  test("are written once with an outcome, and not by who lost the mail", async () => {
    const held = await claimed(welcome(0));
    const settlement = { state: "queued" as const, attempts: 1, notBefore: now, failure };
    const outcome = { mail: held, settlement, attempt: { at: 1, ...refused } };
    await ledger.settle(outcome);
    await ledger.settle({ ...outcome });
    await ledger.settle({ ...outcome, mail: { ...held, claim: "two" } });
    expect((await stored(held.id))?.tries).toEqual([{ at: 1, ...refused }]);
  });

  test("count one whose sender ended on the way", async () => {
    const held = await claimed(welcome(0));
    await ledger.begin(held, LEASE_MS);
    now += LEASE_MS + 1;
    await ledger.recover();
    expect((await stored(held.id))?.tries).toEqual([{ at: now, outcome: "unanswered", cause: "LEASE" }]);
  });
});

describe("an address that takes no mail", () => {
  const known = { at: 1000, cause: "recipient-refused", replyCode: 550, status: "5.1.1" } as const;

  async function refused(id: string) {
    const held = await claimed(id);
    const undeliverable = { ...known, source: "smtp" as const };
    await ledger.settle({ mail: held, settlement: { state: "failed", attempts: 1, failure, undeliverable } });
  }

  test("is noted with the refusal, until the log has been told", async () => {
    await refused(welcome(0));
    await ledger.queue([mail(welcome(1))]);
    expect(await ledger.unproposed(10)).toMatchObject([
      { id: welcome(0), waitlistId, undeliverable: { ...known, source: "smtp" } },
    ]);
    await ledger.proposed([welcome(0)]);
    expect(await ledger.unproposed(10)).toEqual([]);
    expect(await ledger.find(waitlistId, welcome(0))).toMatchObject({
      undeliverable: known,
      state: "failed",
    });
  });

  test("is noted by a report, of a mail that was sent, once", async () => {
    await ledger.queue([mail(welcome(0))]);
    const report = { at: 2000, cause: "bounced", status: "5.2.1", source: "report" as const };
    expect(await ledger.report(welcome(0), report)).toBe("noted");
    expect(await ledger.report(welcome(0), { ...report, at: 3000 })).toBe("known");
    expect(await ledger.report(welcome(1), report)).toBe("no-such-mail");
    expect(await ledger.unproposed(10)).toMatchObject([{ id: welcome(0), undeliverable: report }]);
    expect(await ledger.countUndeliverable(waitlistId)).toBe(1);
    expect(await ledger.countUndeliverable(uniqueName("other"))).toBe(0);
  });

  test("suppresses what waits, with the reason, but not what an admin asked for later", async () => {
    await refused(welcome(0));
    await ledger.queue([mail("invite:i-1"), mail(welcome(1))]);
    await ledger.resend([welcome(0)], resent(7), null);
    expect(await ledger.suppressUndeliverable([welcome(0), "invite:i-1"], 5)).toEqual([
      { kind: "welcome", count: 0 },
      { kind: "invite", count: 1 },
    ]);
    expect(await ledger.find(waitlistId, "invite:i-1")).toMatchObject({
      ...{ state: "suppressed", failure: { cause: "UNDELIVERABLE" } },
      invite: { code: "ABCD-EFGH-2345" },
    });
    await ledger.suppressUndeliverable([welcome(0)], 7);
    expect(await stateOf(welcome(0))).toBe("suppressed");
  });
});

const resent = (offset: number, byName = true) => ({
  ...{ offset, resendId: `m-${offset}`, at: 5, by: "ada", byName },
});

describe("sending again", () => {
  async function ended(id: string, state: "failed" | "ambiguous" | "sent") {
    const held = await claimed(id);
    await ledger.begin(held, LEASE_MS);
    const settlement = state === "sent" ? { state } : { state, attempts: 3, failure };
    await ledger.settle({ mail: held, settlement, attempt: { at: 1, outcome: "refused", cause: "X" } });
  }
  const resendable = async (wanted: Parameters<typeof ledger.resendable>[1], list = waitlistId) => {
    const found: string[] = [];
    for await (const some of ledger.resendable(list, wanted)) found.push(...some.map(({ id }) => id));
    return found.toSorted();
  };

  test("finds what was named and can be sent again, or all of a selection", async () => {
    await ended(welcome(0), "failed");
    await ended(welcome(1), "ambiguous");
    await ended(welcome(2), "sent");
    await ended("invite:i-1", "failed");
    await ledger.queue([mail(welcome(3)), mail(welcome(4)), mail(welcome(5))]);
    await ledger.suppressUndeliverable([welcome(4)], 1);
    await ledger.cancel([welcome(5)]);
    const all = [0, 1, 2, 3, 4, 5].map(welcome);
    expect(await resendable({ mailIds: all })).toEqual([welcome(0), welcome(1), welcome(4)]);
    expect(await resendable({ mailIds: all }, uniqueName("other"))).toEqual([]);
    expect(await resendable({ selection: { status: "failed" } })).toEqual(["invite:i-1", welcome(0)]);
    expect(await resendable({ selection: { status: "failed", kind: "invite" } })).toEqual(["invite:i-1"]);
    expect(await resendable({ selection: { status: "ambiguous" } })).toEqual([welcome(1)]);
  });

  test("queues a mail anew: all tries are open, the former ones kept, and who asked", async () => {
    await ended(welcome(0), "failed");
    now = 9000;
    expect(await ledger.resend([welcome(0)], resent(7), null)).toEqual([welcome(0)]);
    expect(await ledger.find(waitlistId, welcome(0))).toMatchObject({
      ...{ state: "queued", notBefore: 9000, resent: resent(7) },
      tries: [{ at: 1 }],
    });
    expect(await ledger.claim([welcome(0)], "two", LEASE_MS)).toMatchObject([
      { attempts: 0, resent: resent(7) },
    ]);
  });

  test("is done once for a request, whatever is read again", async () => {
    await ended(welcome(0), "failed");
    await ledger.resend([welcome(0)], resent(7), null);
    const [held] = await ledger.claim([welcome(0)], "two", LEASE_MS);
    if (!held) throw new Error("nothing to claim");
    await ledger.settle({ mail: held, settlement: { state: "failed", attempts: 1, failure } });
    for (const again of [resent(7), resent(6), { ...resent(8), resendId: "m-7" }]) {
      expect(await ledger.resend([welcome(0)], again, null)).toEqual([]);
    }
    expect(await stateOf(welcome(0))).toBe("failed");
    expect(await ledger.resend([welcome(0)], resent(8), null)).toEqual([welcome(0)]);
  });

  test("touches nothing that was sent, is on its way, or changed since it was found", async () => {
    await ended(welcome(0), "sent");
    await ledger.queue([mail(welcome(1))]);
    await ledger.cancel([welcome(1)]);
    const held = await claimed(welcome(2));
    await ledger.begin(held, LEASE_MS);
    await ended(welcome(3), "ambiguous");
    const all = [0, 1, 2].map(welcome);
    expect(await ledger.resend(all, resent(7), null)).toEqual([]);
    expect(await ledger.resend([...all, welcome(3)], resent(7), "failed")).toEqual([]);
    expect(await ledger.resend([welcome(3)], resent(7), "ambiguous")).toEqual([welcome(3)]);
  });
});

describe("a list's mails", () => {
  const page = (query: Partial<Parameters<typeof ledger.list>[1]> = {}) =>
    ledger.list(waitlistId, { limit: 100, ...query });
  const idsOf = async (query?: Parameters<typeof page>[0]) => (await page(query)).mails.map(({ id }) => id);

  test("are read by the newest, page by page, though states change meanwhile and others come", async () => {
    for (let number = 0; number < 9; number++) {
      now += number % 3 === 0 ? 1 : 0;
      await ledger.queue([mail(welcome(number))]);
    }
    const seen: string[] = [];
    for (let after: string | undefined; ; ) {
      const { mails, next } = await page({ limit: 2, ...(after ? { after } : {}) });
      seen.push(...mails.map(({ id }) => id));
      now += 1;
      await ledger.queue([mail(`invite:i-${seen.length}`)]);
      await ledger.cancel([welcome(seen.length), welcome(seen.length - 1)]);
      if (next === null) break;
      after = next;
    }
    expect(seen).toEqual([8, 7, 6, 5, 4, 3, 2, 1, 0].map(welcome));
  });

  test("are read by status, kind and entry, and all three", async () => {
    await ledger.queue([mail(welcome(0)), mail(welcome(1)), mail("invite:i-1")]);
    await ledger.queue([{ ...mail("invite:i-2"), entryId: "b".repeat(26) }]);
    await ledger.cancel([welcome(1), "invite:i-2"]);
    expect(await idsOf({ status: "suppressed" })).toEqual([welcome(1), "invite:i-2"]);
    expect(await idsOf({ kind: "invite" })).toEqual(["invite:i-2", "invite:i-1"]);
    expect(await idsOf({ entryId: "b".repeat(26) })).toEqual(["invite:i-2"]);
    expect(await idsOf({ entryId: "b".repeat(26), kind: "invite", status: "queued" })).toEqual([]);
    expect(await ledger.list(uniqueName("other"), { limit: 5 })).toEqual({ mails: [], next: null });
  });

  test("are found by the Message-ID that they went out with", async () => {
    await ledger.queue([mail(welcome(0))]);
    expect(await ledger.findByMessageId(messageIdOf(welcome(0), "waitlist.example"))).toMatchObject({
      ...{ id: welcome(0), waitlistId },
    });
    for (const other of [messageIdOf(welcome(1), "waitlist.example"), "<x@y>", "", "$ne"]) {
      expect(await ledger.findByMessageId(other)).toBeNull();
    }
  });
});
