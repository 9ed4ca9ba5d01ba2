// Owners of a partition that crash between any two writes, and former ones that go on: what they queue of notices.
import { createFold, createProjection, type Evolve, type Remains, type RosterRecord } from "@waitlist/roster";
import { createWithdrawals } from "@waitlist/roster/testing";
import type { Scheduler } from "fast-check";
import { addresseeOf } from "../../src/domain/addressee.ts";
import type { Mail } from "../../src/domain/mail.ts";
import { evolveRecipient, type Recipient, remainsOfRecipient } from "../../src/domain/recipient.ts";
import { createHistoryHandler } from "../../src/handlers/history.ts";
import { createResendMails } from "../../src/handlers/resend-mails.ts";
import { batchOf, createMemoryEntries } from "./happenings.ts";
import { createMemoryLedger, type Weakness as LedgerWeakness } from "./memory-ledger.ts";

/** What a test of a guard leaves out. */
export interface Weakness {
  evolve?: Evolve<Recipient>;
  remains?: Remains<Recipient>;
  /** Only what the fold says at first counts: nothing is worked out again from the stored document. */
  isBlindToReplays?: boolean;
}

class Crash extends Error {}

/** The offsets at which the history is cut into batches: the same for every owner. */
export function cutsOf(length: number, sizes: number[]): number[] {
  const cuts = [0];
  for (let at = 0, round = 0; at < length; round++) {
    at = Math.min(length, at + (sizes[round % sizes.length] ?? 1));
    cuts.push(at);
  }
  return cuts;
}

export interface LedgerOptions {
  /** What a test of a guard of the ledger leaves out. */
  weakness?: LedgerWeakness;
  /** No mail goes out: each has failed as soon as it is queued for the first time. */
  fails?: boolean;
}

export function createOwners(
  history: RosterRecord[],
  cuts: number[],
  weakness: Weakness = {},
  mails: LedgerOptions = {},
) {
  const entries = createMemoryEntries();
  const withdrawals = createWithdrawals();
  const ledger = createMemoryLedger(() => 0, mails.weakness);
  const queue = async (mail: Mail) => {
    const queued = await ledger.queue([mail]);
    for (const id of mails.fails ? queued : []) Object.assign(ledger.rows.get(id) ?? {}, { state: "failed" });
    return queued;
  };
  /** Number of the batch that comes next, as the database has it. */
  let cursor = 0;

  /** Follows the history to its end, or to the owner's death before its write number `writes`. */
  async function follow(writes: number, scheduler?: Scheduler): Promise<void> {
    let written = 0;
    let now = 0;
    const turn = async () => {
      if (scheduler) await scheduler.schedule(Promise.resolve());
    };
    const write = async <T>(work: () => T | Promise<T>): Promise<T> => {
      await turn();
      if (written++ >= writes) throw new Crash();
      return work();
    };
    const oneByOne = async <T, R>(items: T[], work: (item: T) => Promise<Iterable<R>>): Promise<R[]> => {
      const results: R[] = [];
      for (const item of items) results.push(...(await write(() => work(item))));
      return results;
    };
    const projection = createProjection({
      store: {
        ...entries,
        load: (ids) => turn().then(() => entries.load(ids)),
        write: async (changed, known) =>
          new Set(await oneByOne(changed, (entry) => entries.write([entry], known))),
      },
      withdrawals,
      fold: createFold(weakness.evolve ?? evolveRecipient, undefined, weakness.remains ?? remainsOfRecipient),
    });
    const apply: typeof projection.apply = async (chunk) => {
      const applied = await projection.apply(chunk);
      if (!weakness.isBlindToReplays) return applied;
      return { ...applied, effects: applied.effects.filter(({ outcome }) => outcome.kind !== "none") };
    };
    const handler = createHistoryHandler({
      definitions: { keep: async () => undefined, inForce: async () => null, all: async () => [] },
      projection: { ...projection, apply },
      ledger: {
        queue: (queued) => oneByOne(queued, queue),
        cancel: (ids) => write(() => ledger.cancel(ids)),
        forget: (ids) => write(() => ledger.forget(ids)),
        suppressUndeliverable: (ids, offset) => write(() => ledger.suppressUndeliverable(ids, offset)),
      },
      resendMails: createResendMails({
        ledger: {
          resendable: ledger.resendable,
          resend: (ids, resent, status) => write(() => ledger.resend(ids, resent, status)),
        },
        recipients: (ids) => turn().then(() => entries.load(ids)),
        metrics: { count: () => undefined },
      }),
      sender: { offer: () => undefined },
      metrics: { count: () => undefined },
      clock: () => now,
    });
    for (let next = cursor; next < cuts.length - 1; ) {
      const records = history.slice(cuts[next], cuts[next + 1]);
      // As an owner that keeps up: a batch is worked on when its last record is written.
      now = records.at(-1)?.timestamp ?? 0;
      await handler.apply(batchOf(records));
      const isOurs = await write(() => cursor === next);
      if (isOurs) cursor = next + 1;
      else projection.takeOver(0);
      next = cursor;
    }
  }

  return {
    /** Dies as planned; whatever else fails is the test's. */
    run: (writes: number, scheduler?: Scheduler) =>
      follow(writes, scheduler).catch((error: unknown) => {
        if (!(error instanceof Crash)) throw error;
      }),
    /** As after a restore: the history is followed again from an earlier batch. */
    goBack: (to: number) => {
      cursor = Math.min(cursor, to);
    },
    /** Mails that would go out now, by their ids, with the offset of the request that wants them. */
    wouldSend: async () => {
      const waiting = [...ledger.rows.values()].filter(({ state }) => state === "queued");
      const people = await entries.load(waiting.map(({ entryId }) => entryId));
      const going = waiting.filter((row) => addresseeOf(row, people.get(row.entryId)).address !== null);
      return Object.fromEntries(going.map(({ id, resent }) => [id, resent?.offset]));
    },
    /** Ids of the notices that were queued, whatever became of them. */
    notices: () => [...ledger.rows.values()].filter(({ kind }) => kind === "already").map(({ id }) => id),
  };
}
