// From a server's refusal over the log to the mails that aren't sent any more, and to the one that an admin asks for.
import { encodeEvent, type WaitlistEvent } from "@waitlist/contracts";
import type { RosterRecord } from "@waitlist/roster";
import { eventually } from "@waitlist/testing";
import { expect, test } from "vitest";
import { toMailView } from "../src/domain/mail-view.ts";
import { createProposeUndeliverable } from "../src/timers/propose-undeliverable.ts";
import { allocated, resendRequested } from "./support/happenings.ts";
import { join, person } from "./support/people.ts";
import type { Behaviour } from "./support/smtp.ts";
import { addressees, counted, type Service, setStage } from "./support/stage.ts";

const { db, startServer, startService } = setStage("email-undeliverable");
const go = new AbortController().signal;
const ADA = "ada@example.com";
const WELCOME = `welcome:${person(0)}:0`;

/** A log that this test's records are put on. */
function createLog() {
  const facts: WaitlistEvent[] = [];
  const record = (offset: number, event: WaitlistEvent): RosterRecord => ({ offset, timestamp: 0, event });
  return {
    facts,
    /** Another process: it knows nothing but the ledger. */
    proposer: ({ ledger, hint }: Service) =>
      createProposeUndeliverable({
        ...{ ledger, hint, clock: () => 0 },
        proposals: { propose: async (proposed) => void facts.push(...proposed) },
      }),
    /** What was proposed, at these offsets. */
    records: (first: number) => facts.map((event, index) => record(first + index, event)),
  };
}

test("a refused address is told to the log and gets nothing more, but for what an admin asks for", async () => {
  let says: Behaviour = "rcpt-550";
  const server = await startServer({ behaviour: () => says });
  const service = await startService(server.url);
  const { facts, proposer, records } = createLog();
  await service.apply([join(0, ADA)]);
  await counted(service, { "welcome failed": 1 });
  await proposer(service)(go);
  expect(facts.map(({ type, data }) => ({ type, data }))).toMatchObject([
    { type: "EntryUndeliverable", data: { mailId: WELCOME, joinOffset: 0, replyCode: 550, source: "smtp" } },
  ]);

  await service.apply(records(1));
  await service.apply([allocated(2, 0, "i-1", person(0))]);
  await counted(service, { "welcome failed": 1, "invite suppressed": 1 });
  says = "take";
  await service.apply([resendRequested(3, { selection: { status: "failed" } })]);
  await service.apply([resendRequested(4, { mailIds: ["invite:i-1"] })]);
  await counted(service, { "welcome failed": 1, "invite sent": 1 });
  expect(addressees(server)).toEqual([ADA]);
  expect(server.inbox[0]?.source).toContain("ABCD-EFGH-2345");
  expect(await service.ledger.countUndeliverable("first")).toBe(1);
});

test("what a killed process had noted, the next one proposes; twice is harmless", async () => {
  const server = await startServer({ behaviour: () => "rcpt-550" });
  const killed = await startService(server.url);
  await killed.apply([join(0, ADA)]);
  await counted(killed, { "welcome failed": 1 });
  await killed.sender.stop();
  const { facts, proposer, records } = createLog();
  const next = await startService(server.url);
  await proposer(next)(go);
  await db.collection<{ _id: string }>("mails").updateOne({ _id: WELCOME }, { $set: { toPropose: true } });
  await proposer(next)(go);
  expect(facts).toHaveLength(2);
  expect(new Set(facts.map((event) => encodeEvent(event).toString())).size).toBe(1);
  await next.apply(records(1));
  await next.apply(records(1));
  const entry = (await next.recipients([person(0)])).get(person(0));
  expect(entry?.places).toMatchObject([{ position: 1, undeliverableOffset: 1 }]);
});

test("an admin sees each attempt with its codes, and the ledger holds no address", async () => {
  const refusals: Behaviour[] = ["rcpt-451", "message-452", "rcpt-550"];
  const server = await startServer({ behaviour: (_to, attempt) => refusals[attempt - 1] ?? "take" });
  const service = await startService(server.url, { maxAttempts: 5 });
  await service.apply([join(0, ADA)]);
  await counted(service, { "welcome failed": 1 });
  const { mails } = await service.ledger.list("first", { limit: 10 });
  const entries = await service.recipients(mails.map(({ entryId }) => entryId));
  const views = mails.map((mail) => toMailView(mail, entries.get(mail.entryId)));
  const codes = { outcome: "refused", cause: "EENVELOPE", command: "RCPT TO" };
  expect(views).toMatchObject([
    {
      ...{ mailId: WELCOME, status: "failed", email: ADA, position: 1 },
      attempts: [
        { ...codes, replyCode: 451 },
        { ...codes, cause: "EMESSAGE", command: "DATA", replyCode: 452 },
        { ...codes, replyCode: 550 },
      ],
      failure: { replyCode: 550 },
      undeliverable: { cause: "recipient-refused" },
    },
  ]);
  const stored = JSON.stringify(await db.collection("mails").find().toArray());
  expect(stored).not.toContain("@");
  await eventually(() => expect(server.tries.get(ADA)).toBe(3));
});
