// Senders that crash, lose answers and overlap, over one ledger and one mail server: what may happen to a mail.

import type { ClaimedMail, Mail, MailState } from "../../src/domain/mail.ts";
import type { Delivery } from "../../src/domain/verdict.ts";
import type { MailLedger, MailTransport } from "../../src/ports.ts";
import { createCourier } from "../../src/sending/deliver.ts";
import { createMemoryLedger, type Weakness } from "./memory-ledger.ts";

export const LEASE_MS = 1000;

/** What the server does with a message. */
export type ServerDoes = "take" | "refuse" | "defer" | "cut-before" | "cut-during" | "cut-after";

/** What goes wrong at a sender's call number `at` to the ledger or the server, if it gets that far. */
export interface Fault {
  at: number;
  what: "crash-before" | "crash-after" | "throw-before" | "throw-after" | "none";
}

export interface Round {
  senders: { fault: Fault; startAfter: number; turns: number[] }[];
  server: ServerDoes[];
  /** Mails whose places end meanwhile, each after some turns. */
  ends: { mail: number; turns: number }[];
  /** All leases run out after so many turns, while senders are at work: they are former owners from then on. */
  leasesEnd: number[];
  pauseMs: number;
  /** Requests of an admin, by their offsets, each read after some turns: by a replay or a former owner again and again. */
  requests?: { mail: number; offset: number; turns: number }[];
}

const FAILURE = { cause: "TEST" };
const failed = (kind: "unreached" | "unanswered"): Delivery => ({ kind, failure: FAILURE });

export function createPostOffice(mails: number, weakness: Weakness = {}) {
  let now = 0;
  let mostLeftOpen = 0;
  const ledger = createMemoryLedger(() => now, weakness);
  const inbox = new Map<string, number>();
  const ended = new Set<string>();
  /** Taken back in time: must never arrive. */
  const stopped = new Set<string>();
  const ids = Array.from({ length: mails }, (_, index) => `welcome:${index}:0`);
  /** By mail and request: the states that it was queued again from. */
  const resends = new Map<string, { id: string; from: MailState[] }>();

  const turns = async (count: number) => {
    for (let turn = 0; turn < count; turn++) await Promise.resolve();
  };

  function createServer(script: ServerDoes[]): Pick<MailTransport, "send"> {
    return {
      send: async (letter, begin): Promise<Delivery> => {
        const does = script.shift() ?? "take";
        if (does === "cut-before") return failed("unreached");
        if (does === "refuse") return { kind: "refused", permanent: true, failure: FAILURE };
        try {
          if (!(await begin())) return { kind: "withheld" };
        } catch (error) {
          if (error instanceof Error) return { kind: "unrecorded" };
          throw error;
        }
        if (does === "defer") return { kind: "refused", permanent: false, failure: FAILURE };
        if (does === "cut-during") return failed("unanswered");
        inbox.set(letter.subject, (inbox.get(letter.subject) ?? 0) + 1);
        return does === "cut-after" ? failed("unanswered") : { kind: "accepted" };
      },
    };
  }

  /** One sender: takes up all that is due, and sends until it has done, or died. */
  async function runSender(
    server: Pick<MailTransport, "send">,
    { fault, startAfter, turns: slow }: Round["senders"][number],
  ) {
    await turns(startAfter);
    const death = Promise.withResolvers<"dead">();
    let isDead = false;
    let calls = 0;
    const mine = new Set<string>();
    const call = async <T>(work: () => Promise<T>): Promise<T> => {
      const what = calls++ === fault.at ? fault.what : "none";
      await turns(slow[calls % slow.length] ?? 0);
      // What a dead sender left running goes no further.
      if (isDead) await new Promise(() => undefined);
      if (what === "throw-before") throw new Error("away");
      const answer = what === "crash-before" ? undefined : await work();
      if (what.startsWith("crash")) {
        isDead = true;
        death.resolve("dead");
        await new Promise(() => undefined);
      }
      if (what === "throw-after") throw new Error("answer lost");
      return answer as T;
    };
    const guarded: Pick<MailLedger, "begin" | "settle"> = {
      begin: (mail, leaseMs, after) => call(() => ledger.begin(mail, leaseMs, after)),
      settle: (outcome) => call(() => ledger.settle(outcome)),
    };
    const courier = createCourier({
      ledger: guarded,
      transport: {
        send: (letter, begin) => call(() => server.send(letter, begin)).catch(() => failed("unanswered")),
      },
      compose: async (mail: Mail) =>
        ({ subject: mail.id }) as Awaited<ReturnType<Parameters<typeof createCourier>[0]["compose"]>>,
      watch: { confirm: async () => true },
      rules: { maxAttempts: 4, baseMs: 1 },
      sendingLeaseMs: LEASE_MS,
      onRetry: () => undefined,
      onUndeliverable: () => undefined,
      metrics: { count: () => undefined, sent: () => undefined },
      patience: { firstMs: 0, maxMs: 0 },
      clock: () => now,
      random: () => 0,
      log: { warn: () => undefined },
      stop: new AbortController().signal,
    });
    const work = async () => {
      const claimed: ClaimedMail[] = await call(async () =>
        ledger.claim(await ledger.due(100), crypto.randomUUID(), LEASE_MS),
      ).catch(() => []);
      for (const mail of claimed) {
        mine.add(`${mail.id} ${mail.claim}`);
        await courier.deliver({ mail, address: ended.has(mail.id) ? null : "a@example.com" });
      }
      await courier.rest();
    };
    await Promise.race([work(), death.promise]);
    const open = [...ledger.rows.values()].filter(
      ({ id, claim, state }) => state === "sending" && mine.has(`${id} ${claim}`),
    );
    mostLeftOpen = Math.max(mostLeftOpen, open.length);
  }

  /** What the handler does with a request: looks, and some time later writes. */
  async function readRequest({ mail, offset, turns: wait }: NonNullable<Round["requests"]>[number]) {
    const id = ids[mail % mails] ?? "";
    const resent = { offset, resendId: `m-${offset}`, at: 0, by: "ada", byName: true };
    await turns(wait);
    for await (const found of ledger.resendable("first", { mailIds: [id] })) {
      await turns(wait);
      if (found.length === 0 || ended.has(id)) continue;
      const from = ledger.rows.get(id)?.state ?? "queued";
      const isWaiting = (await ledger.resend([id], resent, null)).length > 0;
      if (!isWaiting || from === "queued") continue;
      const key = `${id} ${offset}`;
      resends.set(key, { id, from: [...(resends.get(key)?.from ?? []), from] });
    }
  }

  return {
    ledger,
    inbox,
    stopped,
    resends,
    /** The most mails that one sender left of which nobody knows whether they arrived. */
    mostLeftOpen: () => mostLeftOpen,
    start: () =>
      ledger.queue(
        ids.map((id) => ({
          ...{ id, kind: "welcome", waitlistId: "first", entryId: id, joinOffset: 0 },
          ...{ position: 1, definitionOffset: null, causedAt: 0 },
        })),
      ),
    run: async ({ senders, server, ends, leasesEnd, pauseMs, requests = [] }: Round) => {
      const does = createServer([...server]);
      const endPlaces = ends.map(async ({ mail, turns: wait }) => {
        await turns(wait);
        const id = ids[mail % mails] ?? "";
        ended.add(id);
        await turns(1);
        await ledger.cancel([id]);
        if (ledger.rows.get(id)?.state === "suppressed") stopped.add(id);
      });
      const endLeases = leasesEnd.map(async (wait) => {
        await turns(wait);
        now += LEASE_MS + 1;
        await ledger.recover();
      });
      const reads = requests.map(readRequest);
      const sending = senders.map((sender) => runSender(does, sender));
      await Promise.all([...sending, ...endPlaces, ...endLeases, ...reads]);
      now += pauseMs;
      await ledger.recover();
    },
    /** Nothing goes wrong any more, and all leases run out. */
    finish: async () => {
      for (let round = 0; round < 6; round++) {
        now += 2 * LEASE_MS;
        await ledger.recover();
        await runSender(createServer([]), { fault: { at: 0, what: "none" }, startAfter: 0, turns: [0] });
      }
    },
  };
}
