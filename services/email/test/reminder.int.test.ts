// Reminders through the whole service, with a clock that the test moves: history in, mails in a real mailbox out.
import { eventually } from "@waitlist/testing";
import { expect, test } from "vitest";
import { type MailDocument, toDocument } from "../src/adapters/mongo-mail-document.ts";
import { allocated, at, defined, joined, redeemed } from "./support/happenings.ts";
import { person } from "./support/people.ts";
import { counted, setStage } from "./support/stage.ts";

const { db, startServer, startService } = setStage("email-reminder");
const HOUR = 60 * 60 * 1000;
const INVITED_AT = Date.parse("2026-05-01T17:00:00Z");
const EXPIRES = "2026-05-08T17:00:00Z";
const EXPIRES_AT = Date.parse(EXPIRES);
const LEASE_MS = 300;

let now = INVITED_AT;
const options = { clock: () => now, leaseMs: LEASE_MS };
const people = [0, 1, 2];
const invite = (who: number) =>
  at(INVITED_AT, allocated(10 + who, 1 + who, `i-${who}`, person(who), EXPIRES));

/** Three people with an invite each, which is mailed. */
async function invited() {
  now = INVITED_AT;
  const server = await startServer();
  const service = await startService(server.url, options);
  const joins = people.map((who) => joined(1 + who, person(who), { email: `p${who}@example.com` }));
  await service.apply([defined(0, { reminderHours: 24 }), ...joins]);
  await service.apply(people.map(invite));
  const mailed = { "welcome sent": 3, "invite sent": 3 };
  await counted(service, { ...mailed, "reminder queued": 3 });
  const reminded = () =>
    server.inbox.filter(({ source }) => source.includes("still waiting")).map(({ to }) => to);
  return { server, service, mailed, reminded };
}

test("a reminder goes out once, at its time, and not after a redemption", { timeout: 60_000 }, async () => {
  const { server, service, mailed, reminded } = await invited();
  await service.apply([redeemed(20, 1, "i-0", person(0))]);
  await counted(service, { ...mailed, "reminder queued": 2, "reminder suppressed": 1 });
  expect(reminded()).toEqual([]);

  now = EXPIRES_AT - 24 * HOUR;
  await counted(service, { ...mailed, "reminder sent": 2, "reminder suppressed": 1 });
  // A replay, and another sender beside the first: nothing goes out again.
  await startService(server.url, options);
  await service.apply(people.map(invite));
  now += HOUR;
  await service.apply([joined(21, person(5), { email: "late@example.com" })]);
  await eventually(() => expect(server.inbox.map(({ to }) => to)).toContain("late@example.com"));
  expect(reminded().toSorted()).toEqual(["p1@example.com", "p2@example.com"]);
});

test("one that waited too long for its sender is suppressed", { timeout: 60_000 }, async () => {
  const { service, mailed, reminded } = await invited();
  now = EXPIRES_AT;
  await counted(service, { ...mailed, "reminder suppressed": 3 });
  expect(reminded()).toEqual([]);
});

test("more waiting reminders than the sender has room for keep no other mail from going out", {
  timeout: 120_000,
}, async () => {
  const { server, service } = await invited();
  const mails = db.collection<MailDocument>("mails");
  const waiting = Array.from({ length: 6000 }, (_, number): MailDocument => {
    const about = { waitlistId: "other", entryId: person(number), joinOffset: number, position: number };
    const invite = { code: "ABCD-EFGH-2345", expiresAt: EXPIRES };
    const due = { definitionOffset: null, causedAt: INVITED_AT, notBefore: EXPIRES_AT - 24 * HOUR };
    return toDocument({ id: `reminder:w-${number}`, kind: "reminder", ...about, ...due, invite }, INVITED_AT);
  });
  for (let first = 0; first < waiting.length; first += 2000) {
    await mails.insertMany(waiting.slice(first, first + 2000), { ordered: false });
  }
  expect(await service.ledger.due(10)).toEqual([]);
  const late = Array.from({ length: 50 }, (_, number) =>
    joined(30 + number, person(100 + number), { email: `late-${number}@example.com` }),
  );
  await service.apply(late);
  await eventually(() => expect(server.inbox.filter(({ to }) => to.startsWith("late-"))).toHaveLength(50));
});
