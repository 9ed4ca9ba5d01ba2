// From a stretch of history to a mail server that misbehaves on purpose: each mail once, or a reason on record.
import { eventually } from "@waitlist/testing";
import { describe, expect, test } from "vitest";
import { allocated, erased, expired, left, requeued } from "./support/happenings.ts";
import { join, joins, person } from "./support/people.ts";
import { PUBLIC_URL, tokens } from "./support/service.ts";
import { addressees, counted, countsOf, setStage } from "./support/stage.ts";

const { db, startServer, startService } = setStage("email-sending");

test("a new place gets its welcome with its number and a link that proves the mailbox; a replay sends nothing", async () => {
  const server = await startServer();
  const service = await startService(server.url);
  await service.apply([join(0, "Ada@Example.com"), join(1, "bob@example.com")]);
  await counted(service, { "welcome sent": 2 });
  await service.apply([join(0, "Ada@Example.com"), join(1, "bob@example.com")]);
  expect(addressees(server)).toEqual(["Ada@example.com", "bob@example.com"]);

  const source = server.inbox.find(({ to }) => to.startsWith("bob"))?.source ?? "";
  expect(source).toContain("Subject: You're number 2 on the first waitlist");
  const text = source.replaceAll("=\r\n", "").replaceAll("=3D", "=");
  const [url = "", token = ""] = /https:\S+?token=([\w.-]+)/.exec(text) ?? [];
  expect(url.startsWith(`${PUBLIC_URL}/v1/entries/${person(1)}?token=`)).toBe(true);
  expect(tokens.verify(token, "status")).toMatchObject({ kind: "mailed", entryId: person(1), joinOffset: 1 });
});

test("an invited place gets its code, and somebody who has left doesn't", async () => {
  const server = await startServer();
  const service = await startService(server.url);
  await service.apply(joins(2));
  await counted(service, { "welcome sent": 2 });
  await service.apply([
    left(2, 1, person(1)),
    allocated(3, 0, "i-1", person(0)),
    allocated(4, 1, "i-2", person(1)),
  ]);
  await counted(service, { "welcome sent": 2, "invite sent": 1 });
  expect(server.inbox.at(-1)).toMatchObject({
    to: "p0@example.com",
    source: expect.stringContaining("ABCD-EFGH-2345"),
  });
});

test("whose invite has expired is told so once, and that the place is kept where it is", async () => {
  const server = await startServer();
  const service = await startService(server.url);
  await service.apply([...joins(2), ...[0, 1].map((n) => allocated(2 + n, n, `i-${n}`, person(n)))]);
  await counted(service, { "welcome sent": 2, "invite sent": 2 });
  for (let reading = 0; reading < 2; reading++) {
    await service.apply([expired(4, 0, "i-0", person(0)), requeued(5, 1, "i-1", person(1))]);
    await counted(service, { "welcome sent": 2, "invite sent": 2, "expired sent": 2 });
  }
  const told = (to: string) =>
    server.inbox.filter((mail) => mail.to === to && mail.source.includes("has expired"));
  expect([told("p0@example.com").length, told("p1@example.com").length]).toEqual([1, 1]);
  expect(told("p0@example.com")[0]?.source).toContain("Thank you for having waited");
  expect(told("p1@example.com")[0]?.source).toMatch(/Your place on the waitlist\s+(> )?2/);
});

describe("a server that", () => {
  test.for([
    ["rcpt-550", "welcome failed", 1, 0],
    ["rcpt-451", "welcome failed", 3, 0],
    ["message-554", "welcome failed", 1, 0],
    ["message-452", "welcome failed", 3, 0],
    ["cut-at-rcpt", "welcome failed", 3, 0],
    ["cut-at-data", "welcome failed", 3, 0],
    ["cut-in-message", "welcome ambiguous", 1, 0],
    ["cut-after-dot", "welcome ambiguous", 1, 1],
  ] as const)("answers with %s: %s after %i tries, %i arrived, and others aren't held up", async (row) => {
    const [what, state, tries, arrived] = row;
    const server = await startServer();
    const service = await startService(server.url);
    await service.apply([join(0, `${what}@example.com`), join(1, "fine@example.com")]);
    await counted(service, { [state]: 1, "welcome sent": 1 });
    expect(server.tries.get(`${what}@example.com`)).toBe(tries);
    expect(server.inbox.filter(({ to }) => to.startsWith(what))).toHaveLength(arrived);
    expect(server.inbox.filter(({ to }) => to.startsWith("fine"))).toHaveLength(1);
  });

  test("is busy at first is tried again, and the mail arrives once", async () => {
    const server = await startServer({ behaviour: (_to, attempt) => (attempt < 3 ? "rcpt-451" : "take") });
    const service = await startService(server.url);
    await service.apply([join(0, "ada@example.com")]);
    await counted(service, { "welcome sent": 1 });
    expect(addressees(server)).toEqual(["ada@example.com"]);
  });

  test("is away stops only the mails: they wait without blame, and go out once when it is back", async () => {
    const gone = await startServer();
    await gone.stop();
    const service = await startService(gone.url, { maxAttempts: 1 });
    await service.apply(joins(20));
    await eventually(() => expect(service.sender.serverIsUp()).toBe(false));
    await service.apply([join(20, "late@example.com")]);
    const metrics = await service.registry.metrics();
    expect(metrics).toContain("waitlist_smtp_up 0\n");
    expect(metrics).toMatch(/^waitlist_mail_queue [1-9]/m);
    expect(Object.keys(await countsOf(service)).toSorted()).not.toContain("welcome failed");
    const back = await startServer({ port: Number(new URL(gone.url).port) });
    await counted(service, { "welcome sent": 21 });
    expect(new Set(addressees(back)).size).toBe(21);
    expect(back.inbox).toHaveLength(21);
    const after = await service.registry.metrics();
    expect(after).toContain("waitlist_smtp_up 1\n");
    expect(after).toContain("waitlist_mail_queue 0\n");
    expect(after).toContain('waitlist_mails_total{kind="welcome",state="sent"} 21\n');
  });
});

test("somebody leaves between claimed and sending: no mail", async () => {
  const asked = Promise.withResolvers<void>();
  const goOn = Promise.withResolvers<void>();
  const server = await startServer({
    atRcpt: async () => {
      asked.resolve();
      await goOn.promise;
    },
  });
  const service = await startService(server.url);
  await service.apply([join(0, "ada@example.com")]);
  await asked.promise;
  expect(await countsOf(service)).toEqual({ "welcome claimed": 1 });
  await service.apply([erased(1, 0, person(0))]);
  goOn.resolve();
  await service.apply([join(2, "bob@example.com")]);
  await counted(service, { "welcome suppressed": 1, "welcome sent": 1 });
  expect(addressees(server)).toEqual(["bob@example.com"]);
});

test("the ledger holds no address, and after an erasure nothing of an invite", async () => {
  const server = await startServer();
  const service = await startService(server.url);
  await service.apply([join(0, "ada@example.com"), allocated(1, 0, "i-1", person(0))]);
  await counted(service, { "welcome sent": 1, "invite sent": 1 });
  const mails = async () => JSON.stringify(await db.collection("mails").find().toArray());
  expect(await mails()).not.toContain("ada@");
  expect(await mails()).toContain("ABCD-EFGH-2345");
  await service.apply([erased(2, 0, person(0))]);
  expect(await mails()).not.toContain("ABCD-EFGH-2345");
  expect(JSON.stringify(await db.collection("recipients").find().toArray())).not.toContain("ada@");
});
