// The service as main.ts puts it together: from a real log, over a real database, to a real mailbox.
import {
  createEvent,
  encodeEvent,
  entryIdOf,
  eventsTopic,
  GROUPS,
  partitionOf,
  type WaitlistEvent,
} from "@waitlist/contracts";
import { type Appender, createAppender } from "@waitlist/kafka";
import { createFollower, createMongoEntries, openRoster } from "@waitlist/roster";
import { createLogger, createRegistry } from "@waitlist/runtime";
import { eventually, uniqueName } from "@waitlist/testing";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { createMongoLedger, type MongoLedger } from "../src/adapters/mongo-ledger.ts";
import { createSmtpTransport } from "../src/adapters/smtp-transport.ts";
import { evolveRecipient, type Recipient, remainsOfRecipient } from "../src/domain/recipient.ts";
import { createHistoryHandler } from "../src/handlers/history.ts";
import { createReportUndeliverable, type ReportUndeliverable } from "../src/handlers/report-undeliverable.ts";
import { createResendMails } from "../src/handlers/resend-mails.ts";
import { createLetterWriter } from "../src/sending/letter-writer.ts";
import { createMailMetrics } from "../src/sending/metrics.ts";
import { createSender } from "../src/sending/sender.ts";
import { createHint } from "../src/timers/propose-undeliverable.ts";
import { startTimers } from "../src/timers/start.ts";
import { PUBLIC_URL, tokens } from "./support/service.ts";

const SECRET = "a secret of this test";
const LIST = "socialode";
const PARTITIONS = 12;
const PARTITION = partitionOf(LIST, PARTITIONS);
const { kafka: brokers, mongodb, smtp, mailboxWeb } = inject("backing");
const prefix = `${uniqueName("email")}.`;
const database = uniqueName("email");
const topic = eventsTopic(PARTITIONS, prefix).name;
const log = createLogger("email", "silent");
const registry = createRegistry("email");
const clock = Date.now;
const closers: (() => Promise<unknown>)[] = [];
const onClose = (_what: string, close: () => Promise<unknown>) => void closers.push(close);

let appender: Appender;
let ledger: MongoLedger;
let recipients: ReturnType<typeof createMongoEntries<Recipient>>["load"];
let report: ReportUndeliverable;

beforeAll(async () => {
  const roster = await openRoster({
    ...{ url: mongodb, database, collection: "recipients", secret: SECRET, partitions: PARTITIONS },
    ...{ evolve: evolveRecipient, remains: remainsOfRecipient, log },
  });
  onClose("MongoDB", roster.close);
  onClose("the database", () => roster.db.dropDatabase());
  ledger = await createMongoLedger(roster.db, clock);
  const metrics = createMailMetrics(registry);
  const config = { PUBLIC_URL, MAIL_FROM: "waitlist@localhost" };
  recipients = createMongoEntries(roster.entries).load;
  const hint = createHint();
  report = createReportUndeliverable({ ledger, hint, metrics, clock });
  const sender = createSender({
    ...{ ledger, metrics, registry, log, clock, connections: 2, leaseMs: 15_000 },
    rules: { maxAttempts: 12, baseMs: 5 },
    transport: createSmtpTransport({ url: smtp, connections: 2, log }),
    ...{ recipients, onUndeliverable: hint.give },
    compose: createLetterWriter({ definitions: roster.definitions, tokens, config }),
  });
  onClose("the sender", sender.stop);
  const fail = (error: Error) => {
    throw error;
  };
  const resendMails = createResendMails({ ledger, recipients, metrics });
  const follower = await createFollower({
    ...{ group: GROUPS.email, brokers, topicPrefix: prefix, roster, log, registry },
    handler: () => createHistoryHandler({ ...roster, ledger, resendMails, sender, metrics, clock }),
    lifecycle: { onClose, fail },
  });
  startTimers({ ledger, follower, partitions: PARTITIONS, hint, clock, log, lifecycle: { onClose } });
  sender.start();
  follower.start();
  appender = createAppender({ brokers: brokers.split(","), clientId: "email-test", log });
  onClose("the appender", appender.close);
});
afterAll(async () => {
  for (const close of closers.reverse()) await close();
});

const origin = { source: "/test", at: Date.now() };
const address = `${uniqueName("ada")}@example.com`;
const person = { waitlistId: LIST, entryId: entryIdOf(SECRET, LIST, address) };

const append = async (...events: WaitlistEvent[]) => {
  const values = events.map((event) => ({
    ...{ topic, partition: PARTITION, key: LIST },
    value: encodeEvent(event),
  }));
  return appender.appendAll(values);
};
const join = () =>
  createEvent("WaitlistJoined", { ...person, email: address, needsConfirmation: true }, origin);

const counts = async () =>
  Object.fromEntries(
    (await ledger.counts(LIST)).map(({ kind, state, count }) => [`${kind} ${state}`, count]),
  );

interface MailboxItem {
  id: string;
  subject: string;
  to: { address: string }[];
}

const ask = (path: string) => fetch(new URL(path, mailboxWeb ?? ""));
/** The mails to this test's person, oldest first. */
async function mails(): Promise<MailboxItem[]> {
  const items = (await (await ask("/api/email")).json()) as MailboxItem[];
  return items.filter(({ to }) => to[0]?.address === address);
}

// Where the mails go to a server of one's own, nobody here can look into the mailbox.
test.skipIf(mailboxWeb === null)(
  "two signups on the log are one confirmation and one notice in the mailbox; the confirmation, one welcome",
  async () => {
    const [joined] = await append(join(), join());
    await eventually(async () =>
      expect(await counts()).toEqual({ "confirmation sent": 1, "already sent": 1 }),
    );
    const joinOffset = joined?.offset ?? -1;
    await append(join(), createEvent("EntryConfirmed", { ...person, joinOffset }, origin), join());
    await eventually(async () =>
      expect(await counts()).toEqual({ "confirmation sent": 1, "already sent": 1, "welcome sent": 1 }),
    );

    const received = await eventually(async () => {
      const found = await mails();
      expect(found).toHaveLength(3);
      return found;
    });
    expect(received.map(({ subject }) => subject).toSorted()).toEqual([
      "Please confirm your place on the socialode waitlist",
      "You're number 1 on the socialode waitlist",
      "Your place on the socialode waitlist still needs your confirmation",
    ]);
    for (const { id } of received) {
      const source = await (await ask(`/api/email/${id}/source`)).text();
      const [, oneClick = ""] =
        /^List-Unsubscribe: <https:\/\/waitlist\.example\/v1\/unsubscribe\/(\S+)>\r?$/m.exec(source) ?? [];
      expect(tokens.verify(oneClick, "unsubscribe")).toMatchObject({ ...person, joinOffset });
      expect(source).toMatch(/^List-Unsubscribe-Post: List-Unsubscribe=One-Click\r?$/m);
    }
  },
);

test("what a report says of an address goes over the log, and keeps the next mail from it until an admin asks", async () => {
  const entryId = entryIdOf(SECRET, LIST, `reported-${address}`);
  const other = { waitlistId: LIST, entryId };
  const signup = { ...other, email: `reported-${address}`, needsConfirmation: false };
  const [joined] = await append(createEvent("WaitlistJoined", signup, origin));
  const joinOffset = joined?.offset ?? -1;
  const stateOf = async (id: string) => (await ledger.find(LIST, id))?.state;
  const welcome = `welcome:${entryId}:${joinOffset}`;
  await eventually(async () => expect(await stateOf(welcome)).toBe("sent"));

  expect(await report({ mailId: welcome, status: "5.1.1", cause: "bounced" })).toBe("noted");
  await eventually(async () => {
    const place = (await recipients([entryId])).get(entryId)?.places[0];
    expect(place?.undeliverableOffset).toBeGreaterThan(joinOffset);
  });
  const invite = {
    ...{ ...other, joinOffset, inviteId: "i-reported", batchId: "b-1", code: "ABCD-EFGH-2345" },
    ...{ position: 1, expiresAt: "2099-01-01T00:00:00Z" },
  };
  await append(createEvent("InviteAllocated", invite, origin));
  await eventually(async () => expect(await stateOf("invite:i-reported")).toBe("suppressed"));

  const request = { waitlistId: LIST, resendId: "m-1", mailIds: ["invite:i-reported"], requestedBy: "ada" };
  await append(createEvent("MailResendRequested", request, origin));
  await eventually(async () => expect(await stateOf("invite:i-reported")).toBe("sent"));
});
