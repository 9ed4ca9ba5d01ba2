// A mail server that does everything wrong that one can: each mail arrives once, or there is a reason on record why not.
import { eventually } from "@waitlist/testing";
import { afterEach, describe, expect, test } from "vitest";
import type { MailDocument } from "../src/adapters/mongo-mail-document.ts";
import type { MailTransport } from "../src/ports.ts";
import { openDatabase } from "./support/database.ts";
import { brokenPromises } from "./support/exactly-once.ts";
import { joins } from "./support/people.ts";
import { type Manner, type Mood, type RudeServer, type Step, startRudeServer } from "./support/rude-smtp.ts";
import { createService, PUBLIC_URL, type ServiceOptions } from "./support/service.ts";

const HOST = new URL(PUBLIC_URL).hostname;
const MAILS = 6;
/** A server that says nothing for this long is given up on, in milliseconds: well above a busy machine's pauses. */
const SILENCE_MS = 1500;

/** What becomes of the mails that it happens to, all others being sent; `any`: that is a matter of milliseconds. */
type Final = "sent" | "failed" | "ambiguous" | "any";
type Row = [what: string, step: Step, manner: Manner, final: Final];

const say = (text: string): Manner => ({ does: "say", text });
const half = (text: string): Manner => ({ does: "half", text });
const reset: Manner = { does: "reset" };
const hangUp: Manner = { does: "hang-up" };
const stall: Manner = { does: "stall" };
const dawdle: Manner = { does: "dawdle", ms: 100 };

/** Whatever happens before the message says nothing about it, but a refusal for good. */
const beforeMessage = (step: Step, refused: Final): Row[] => [
  ["says 421", step, say("421 4.3.2 closing"), "sent"],
  ["says 451", step, say("451 4.3.0 later"), "sent"],
  ["says 550", step, say("550 5.1.1 never"), refused],
  ["resets", step, reset, "sent"],
  ["hangs up", step, hangUp, "sent"],
  ["says half a yes", step, half("25"), "sent"],
  ["says half a no", step, half("550 5.1."), "sent"],
  ["talks nonsense", step, say("?!%&$ \u0007 \u00ff"), "sent"],
  ["says nothing", step, stall, "sent"],
  ["is slow", step, dawdle, "sent"],
];

const ROWS: Row[] = [
  ...beforeMessage("greeting", "sent"),
  ...beforeMessage("ehlo", "sent"),
  // Whoever isn't let in has met no refusal of a mail: all of them wait.
  ...beforeMessage("auth", "sent"),
  ["doesn't know the password", "auth", say("535 5.7.8 no"), "sent"],
  ["has no time for the password", "auth", say("454 4.7.0 later"), "sent"],
  ...beforeMessage("mail", "failed"),
  ...beforeMessage("rcpt", "failed"),
  ...beforeMessage("data", "failed"),
  ["says yes and no at once", "data", say("354 go\r\n451 later"), "sent"],
  ["answers twice", "rcpt", say("250 ok\r\n250 ok"), "any"],
  ["resets", "message", reset, "ambiguous"],
  ["hangs up", "message", hangUp, "ambiguous"],
  ["says nothing", "message", stall, "ambiguous"],
  ["says 421", "dot", say("421 4.3.2 closing"), "sent"],
  ["says 451", "dot", say("451 4.3.0 later"), "sent"],
  ["says 554", "dot", say("554 5.7.1 never"), "failed"],
  ["resets", "dot", reset, "ambiguous"],
  ["hangs up", "dot", hangUp, "ambiguous"],
  ["says half a yes", "dot", half("250 2.0.0 ke"), "ambiguous"],
  ["says half a no", "dot", half("554 5.7."), "ambiguous"],
  ["talks nonsense", "dot", say("?!%&$"), "ambiguous"],
  ["answers something else", "dot", say("354 go on"), "ambiguous"],
  ["answers twice", "dot", say("250 kept\r\n250 kept"), "any"],
  ["says nothing", "dot", stall, "ambiguous"],
  ["is slow", "dot", dawdle, "sent"],
];

const closers: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

async function stage(server: RudeServer, more: ServiceOptions = {}) {
  const { db, drop } = openDatabase("email-rude");
  const service = await createService(db, server.url, {
    // Enough for every mood that passes; small pauses, since nobody else is to be spared.
    ...{ maxAttempts: 200, leaseMs: 20_000, patience: { firstMs: 5, maxMs: 50 } },
    ...more,
    smtp: { connections: 2, connectWithinMs: SILENCE_MS, silenceMs: SILENCE_MS, ...more.smtp },
  });
  closers.push(drop, () => server.stop(), service.sender.stop);
  const mails = () => db.collection<MailDocument>("mails").find().toArray();
  const broken = async () =>
    brokenPromises(
      await mails(),
      server.inbox.map(({ source }) => source),
      HOST,
    );
  /** Until nothing is left to do. */
  const settled = () =>
    eventually(async () => {
      const states = (await mails()).map(({ state }) => state);
      expect(states.filter((state) => ["queued", "claimed", "sending"].includes(state))).toEqual([]);
      expect(states).toHaveLength(MAILS);
    }, 30_000);
  const counts = async () => {
    const counted: Record<string, number> = {};
    for (const { state } of await mails()) counted[state] = (counted[state] ?? 0) + 1;
    return counted;
  };
  await service.apply(joins(MAILS));
  return { ...service, broken, settled, counts };
}

/** Rude until it has been so a few times and is told to be well. */
const whileSick = (step: Step, manner: Manner): { mood: Mood; heal: () => void } => {
  let isSick = true;
  return {
    mood: (moment) => (isSick && moment.step === step ? manner : null),
    heal: () => {
      isSick = false;
    },
  };
};

describe("a server that", () => {
  test.for(ROWS)("%s at %s: each mail once, or a reason", async ([_what, step, manner, final]) => {
    const server = await startRudeServer();
    const { mood, heal } = whileSick(step, manner);
    server.behave(mood);
    const { sender, broken, settled, counts } = await stage(server);
    sender.start();
    await eventually(() => expect(server.misdeeds()).toBeGreaterThanOrEqual(2), 30_000);
    // The ledger and the inbox can't be read at one moment.
    await eventually(async () => expect(await broken()).toEqual([]));
    heal();
    await settled();
    expect(await broken()).toEqual([]);
    if (final === "any") return;
    const { sent = 0, failed = 0, ambiguous = 0 } = await counts();
    const hit = { sent, failed, ambiguous }[final];
    expect(hit).toBeGreaterThanOrEqual(1);
    expect(final === "sent" ? sent : sent + hit).toBe(MAILS);
  });

  test("takes no connection: the mails wait without blame, and go out once when it does", async () => {
    const server = await startRudeServer();
    await server.shut();
    const { sender, broken, settled, counts } = await stage(server, { maxAttempts: 1 });
    sender.start();
    await eventually(() => expect(sender.serverIsUp()).toBe(false));
    expect(await broken()).toEqual([]);
    expect((await counts()).failed).toBeUndefined();
    await server.open();
    await settled();
    expect(await broken()).toEqual([]);
    expect(await counts()).toEqual({ sent: MAILS });
  });

  test.for([
    ["421 after two messages of a connection", say("421 4.7.0 too many on this connection")],
    ["451 after two messages of a connection", say("451 4.7.1 slow down")],
  ] as const)("limits the rate by %s: all go out, once each", async ([_what, manner]) => {
    const server = await startRudeServer();
    let refused = 0;
    server.behave(({ step, messages }) => {
      // A 451 keeps the connection: it is let through the second time, or nothing would ever be sent over it.
      if (step !== "mail" || messages < 2 || refused >= 8) return null;
      refused++;
      return manner;
    });
    const { sender, broken, settled, counts } = await stage(server);
    sender.start();
    await settled();
    expect(await broken()).toEqual([]);
    expect(await counts()).toEqual({ sent: MAILS });
    expect(refused).toBeGreaterThan(0);
  });
});

describe("by this check", () => {
  const resending = (transport: MailTransport): MailTransport => ({
    ...transport,
    send: async (letter, begin) => {
      const first = await transport.send(letter, begin);
      return first.kind === "unanswered" ? transport.send(letter, async () => true) : first;
    },
  });
  const believing = (transport: MailTransport): MailTransport => ({
    ...transport,
    send: async (letter, begin) => {
      const first = await transport.send(letter, begin);
      return first.kind === "unreached" ? { kind: "accepted" } : first;
    },
  });

  test.for([
    ["sends again what nobody answered", resending, "dot", "arrived 2 times"],
    ["takes silence for a yes", believing, "rcpt", "sent and arrived 0 times"],
  ] as const)("a transport that %s would be seen", async ([_what, wrap, step, complaint]) => {
    const server = await startRudeServer();
    const { mood, heal } = whileSick(step, reset);
    server.behave(mood);
    const { sender, broken, settled } = await stage(server, { wrap });
    sender.start();
    await eventually(() => expect(server.misdeeds()).toBeGreaterThanOrEqual(2));
    heal();
    await settled();
    expect((await broken()).join()).toContain(complaint);
  });
});
