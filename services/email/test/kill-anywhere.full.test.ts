// `kill -9` of the sender's process at every step that it takes, over a real ledger and a mail server that misbehaves: no mail is
// lost, and none goes out twice but where that is on record.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { connectMongo } from "@waitlist/roster";
import { eventually, uniqueName } from "@waitlist/testing";
import { expect, inject, test } from "vitest";
import type { MailDocument } from "../src/adapters/mongo-mail-document.ts";
import type { Doom } from "./support/doomed-sender.ts";
import { brokenPromises } from "./support/exactly-once.ts";
import { joins } from "./support/people.ts";
import { type Mood, startRudeServer } from "./support/rude-smtp.ts";
import { createService, PUBLIC_URL } from "./support/service.ts";

const MAILS = 2;
/** Processes at the same time. */
const AT_ONCE = 3;
const MOST_STEPS = 200;
const DOOMED_SENDER = fileURLToPath(new URL("./support/doomed-sender.ts", import.meta.url));
/** The fresh sender comes when every lease has run out: its clock is ahead by this many milliseconds. */
const LATER_MS = 60 * 60 * 1000;

/** Puts one recipient off, and takes one message without a word of it: each once. */
function twoMisdeeds(): Mood {
  let hasDeferred = false;
  let hasCut = false;
  return ({ step }) => {
    if (step === "rcpt" && !hasDeferred) {
      hasDeferred = true;
      return { does: "say", text: "451 4.3.0 later" };
    }
    if (step === "dot" && !hasCut) {
      hasCut = true;
      return { does: "reset" };
    }
    return null;
  };
}

/** How the process ended: killed, or by itself when all mails were settled. */
async function runUntilKilled(doom: Doom): Promise<"killed" | "done"> {
  const child = spawn(process.execPath, [DOOMED_SENDER, JSON.stringify(doom)], {
    stdio: ["ignore", "ignore", "inherit"],
  });
  const [code, signal] = (await once(child, "exit")) as [number | null, NodeJS.Signals | null];
  if (signal === "SIGKILL") return "killed";
  if (code !== 0) throw new Error(`the sender's process ended with ${code ?? signal}`);
  return "done";
}

/** One sender that dies at a step, and a fresh one that takes over; what is wrong then. */
async function dieAt(killAt: number, isCareless = false) {
  const database = uniqueName("email-kill");
  const { mongodb } = inject("backing");
  const { db, close } = connectMongo(mongodb, database);
  const server = await startRudeServer();
  server.behave(twoMisdeeds());
  try {
    const ended = await runUntilKilled({
      ...{ mongodb, database, smtp: server.url, mails: MAILS, killAt, isCareless },
    });
    const clock = () => Date.now() + LATER_MS;
    const fresh = await createService(db, server.url, { clock, maxAttempts: 20, smtp: { connections: 1 } });
    fresh.sender.start();
    // As the consumer does: what the cursor hasn't passed is read again.
    await fresh.apply(joins(MAILS));
    const mails = () => db.collection<MailDocument>("mails").find().toArray();
    try {
      await eventually(async () => {
        const states = (await mails()).map(({ state }) => state);
        expect(states).toHaveLength(MAILS);
        for (const state of states) expect(["sent", "ambiguous"]).toContain(state);
      }, 20_000);
    } finally {
      await fresh.sender.stop();
    }
    const settled = await mails();
    const sources = server.inbox.map(({ source }) => source);
    return {
      ended,
      ambiguous: settled.filter(({ state }) => state === "ambiguous").length,
      broken: brokenPromises(settled, sources, new URL(PUBLIC_URL).hostname),
    };
  } finally {
    await server.stop();
    await db.dropDatabase();
    await close();
  }
}

const stepsFrom = (first: number) => Array.from({ length: AT_ONCE }, (_, index) => first + index);

test("a sender that is killed at any step leaves no mail behind, and none that goes out twice unseen", async () => {
  for (let first = 1; first < MOST_STEPS; first += AT_ONCE) {
    const deaths = await Promise.all(stepsFrom(first).map(async (at) => ({ at, ...(await dieAt(at)) })));
    for (const { at, broken, ambiguous } of deaths) {
      expect(broken, `killed at step ${at}`).toEqual([]);
      // The one that the server cut, and the one that the kill may have.
      expect(ambiguous, `killed at step ${at}`).toBeLessThanOrEqual(2);
    }
    if (deaths.every(({ ended }) => ended === "done")) {
      // Each mail alone is written, begun and settled.
      expect(first).toBeGreaterThan(MAILS * 6);
      return;
    }
  }
  expect.fail(`no run ended by itself within ${MOST_STEPS} steps`);
}, 480_000);

test("a sender that doesn't ask its ledger would be seen", async () => {
  // Before the first mail is on its way, nothing can show.
  for (let first = 10; first < MOST_STEPS; first += AT_ONCE) {
    const deaths = await Promise.all(stepsFrom(first).map((at) => dieAt(at, true)));
    const broken = deaths.flatMap((death) => death.broken);
    if (broken.length > 0) return expect(broken.join()).toContain("arrived 2 times");
  }
  expect.fail("no kill showed it");
}, 480_000);
