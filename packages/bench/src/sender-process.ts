// A process that sends mails: through the ledger, as the email service does, or by nothing but nodemailer's pool.
import { once } from "node:events";
import { eventually } from "@waitlist/testing";
import { createTransport } from "nodemailer";
import { addressOf, CONNECTIONS, compose, mailOf, openMailQueue, queueMails } from "./mail-queue.ts";

/** What is asked of it: to get ready; at the word "go", to send; and to end once the server has them all, at the word "end". */
export interface Order {
  /** `fill` queues, for another process to send. */
  variant: "ledger" | "bare" | "fill";
  /** How many mails. */
  count: number;
  /** Of the ledger. */
  database: string;
}

const { MONGODB_URL = "", SMTP_URL = "" } = process.env;
const word = () => once(process, "message");

async function throughLedger({ database, count }: Order): Promise<void> {
  const { sender, sent, drop } = await openMailQueue(MONGODB_URL, SMTP_URL, database);
  process.send?.("ready");
  await word();
  sender.start();
  // Whoever counts meanwhile takes the database's time.
  await word();
  await eventually(async () => {
    if ((await sent()) < count) throw new Error("not all is recorded as sent");
  }, 300_000);
  await sender.stop();
  await drop();
}

/** The same letters, made as they are sent. */
async function bare({ count }: Order): Promise<void> {
  const pool = createTransport({ url: SMTP_URL, pool: true, maxConnections: CONNECTIONS });
  process.send?.("ready");
  await word();
  const ended = word();
  const waiting = Array.from({ length: count }, (_, index) => index + 1).values();
  const work = async () => {
    for (const person of waiting) {
      const { from, to, subject, text, html } = await compose(mailOf(person), addressOf(person));
      await pool.sendMail({ from, to, subject, text, html });
    }
  };
  await Promise.all(Array.from({ length: CONNECTIONS }, work));
  await ended;
  pool.close();
}

const run: Record<Order["variant"], (order: Order) => Promise<void>> = {
  ledger: throughLedger,
  bare,
  fill: ({ database, count }) => queueMails(MONGODB_URL, database, count),
};

// What draws letters is loaded before anything is measured.
await compose(mailOf(1), addressOf(1));
process.on("disconnect", () => process.exit());
process.send?.("loaded");
for (;;) {
  const [order] = (await word()) as [Order];
  await run[order.variant](order);
  process.send?.("done");
}
