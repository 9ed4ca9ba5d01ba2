// A process of its own with the service's sender in it, which kills itself (as `kill -9` does) at a given step. Started by
// kill-anywhere.full.test.ts with what it needs as JSON in its only argument.
import { equal } from "node:assert/strict";
import { connectMongo } from "@waitlist/roster";
import { eventually } from "@waitlist/testing";
import type { MongoLedger } from "../../src/adapters/mongo-ledger.ts";
import type { MailDocument } from "../../src/adapters/mongo-mail-document.ts";
import type { MailTransport } from "../../src/ports.ts";
import { joins } from "./people.ts";
import { createService } from "./service.ts";

export interface Doom {
  mongodb: string;
  database: string;
  smtp: string;
  mails: number;
  /** The step at which it dies, from 1: each call of the ledger or the transport is two, one before and one after. */
  killAt: number;
  /** Sends without asking the ledger: that is how a mail would go out twice. */
  isCareless: boolean;
}

const { mongodb, database, smtp, mails, killAt, isCareless } = JSON.parse(process.argv[2] ?? "") as Doom;
/** For all mails to be settled, in milliseconds. */
const WITHIN_MS = 60_000;
let steps = 0;

function step(): void {
  steps += 1;
  if (steps === killAt) process.kill(process.pid, "SIGKILL");
}

const doomed =
  <A extends unknown[], R>(call: (...args: A) => Promise<R>) =>
  async (...args: A): Promise<R> => {
    step();
    const result = await call(...args);
    step();
    return result;
  };

const wrapLedger = (ledger: MongoLedger): MongoLedger => ({
  ...ledger,
  queue: doomed(ledger.queue),
  claim: doomed(ledger.claim),
  begin: doomed(ledger.begin),
  settle: doomed(ledger.settle),
  due: doomed(ledger.due),
  recover: doomed(ledger.recover),
});

const wrap = (transport: MailTransport): MailTransport => ({
  ...transport,
  send: doomed((letter, begin) => transport.send(letter, isCareless ? async () => true : begin)),
  check: doomed(transport.check),
});

const { db, close } = connectMongo(mongodb, database);
const { sender, apply } = await createService(db, smtp, {
  ...{ wrap, wrapLedger, maxAttempts: 20, leaseMs: 20_000 },
  smtp: { connections: 1 },
});
sender.start();
await apply(joins(mails));

const unsettled = { state: { $in: ["queued", "claimed", "sending"] } } as const;
const ledger = db.collection<MailDocument>("mails");
await eventually(async () => equal(await ledger.countDocuments(unsettled), 0), WITHIN_MS);
await sender.stop();
await close();
