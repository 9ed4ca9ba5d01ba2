// Mails that wait in a ledger of their own, and the email service's own sender over it.
import { entryIdOf } from "@waitlist/contracts";
import { createMongoLedger } from "@waitlist/email/adapters/mongo-ledger";
import { createSmtpTransport } from "@waitlist/email/adapters/smtp-transport";
import { type Mail, welcomeMailId } from "@waitlist/email/domain/mail";
import type { Recipient } from "@waitlist/email/domain/recipient";
import { createLetterWriter } from "@waitlist/email/sending/letter-writer";
import { createMailMetrics } from "@waitlist/email/sending/metrics";
import { createSender, type Sender } from "@waitlist/email/sending/sender";
import { connectMongo, createMongoEntries, openEntries, type RosterEntry } from "@waitlist/roster";
import { Registry } from "@waitlist/runtime";
import { createTokens } from "@waitlist/tokens";
import { definition, log } from "./gateway.ts";
import { LIST, SECRET } from "./installation.ts";

export const CONNECTIONS = 4;
const CHUNK = 1000;
const inForce = { waitlistId: LIST, offset: 0, eventId: "defined", definition, at: 0 };

/** The email service's letters, as it is set up in the benchmark. */
export const compose = createLetterWriter({
  definitions: { inForce: async () => inForce },
  tokens: createTokens("k1:0123456789abcdef0123456789abcdef", Date.now),
  config: { PUBLIC_URL: "https://waitlist.example", MAIL_FROM: "waitlist@example.com" },
});

export const addressOf = (person: number) => `person${person}@example.com`;

export function mailOf(person: number): Mail {
  const entryId = entryIdOf(SECRET, LIST, addressOf(person));
  const place = { waitlistId: LIST, entryId, joinOffset: person, position: person };
  return {
    ...{ id: welcomeMailId(entryId, person), kind: "welcome", ...place },
    ...{ definitionOffset: 0, causedAt: 0 },
  };
}

const recipientOf = (person: number): RosterEntry<Recipient> => ({
  ...{ entryId: mailOf(person).entryId, waitlistId: LIST, repeatIds: [], lastOffset: person },
  places: [
    {
      ...{ joinOffset: person, eventId: `e${person}`, position: person, joinedAt: 0 },
      needsConfirmation: false,
    },
  ],
  details: { address: addressOf(person) },
});

export interface MailQueue {
  sender: Sender;
  /** How many of the mails are recorded as sent. */
  sent(): Promise<number>;
  drop(): Promise<void>;
}

async function openLedger(mongodb: string, database: string) {
  const { db, close } = connectMongo(mongodb, database);
  const ledger = await createMongoLedger(db, Date.now);
  const recipients = createMongoEntries(await openEntries<Recipient>(db, "recipients"));
  return { db, ledger, recipients, close };
}

/** From then on `count` welcome mails wait in the database of that name. */
export async function queueMails(mongodb: string, database: string, count: number): Promise<void> {
  const { ledger, recipients, close } = await openLedger(mongodb, database);
  for (let first = 1; first <= count; first += CHUNK) {
    const people = Array.from({ length: Math.min(CHUNK, count - first + 1) }, (_, index) => first + index);
    await recipients.write(people.map(recipientOf), new Set());
    await ledger.queue(people.map(mailOf));
  }
  await close();
}

/** Nothing is sent before the sender is started. */
export async function openMailQueue(mongodb: string, smtp: string, database: string): Promise<MailQueue> {
  const { db, ledger, recipients, close } = await openLedger(mongodb, database);
  const registry = new Registry();
  const sender = createSender({
    ...{ ledger, recipients: recipients.load, compose, connections: CONNECTIONS, perSecond: null },
    transport: createSmtpTransport({ url: smtp, connections: CONNECTIONS, log }),
    ...{ leaseMs: 15_000, rules: { maxAttempts: 12, baseMs: 5000 }, clock: Date.now, log },
    ...{ metrics: createMailMetrics(registry), registry, onUndeliverable: () => undefined },
  });
  return {
    sender,
    sent: async () =>
      (await ledger.counts(LIST))
        .filter(({ state }) => state === "sent")
        .reduce((sum, each) => sum + each.count, 0),
    drop: async () => {
      await db.dropDatabase();
      await close();
    },
  };
}
