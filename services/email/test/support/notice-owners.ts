// Owners of a partition that crash between any two writes, and former ones that go on: what they queue of notices.
import { createFold, createProjection, type Evolve, type Remains, type RosterRecord } from "@waitlist/roster";
import { createWithdrawals } from "@waitlist/roster/testing";
import type { Scheduler } from "fast-check";
import { evolveRecipient, type Recipient, remainsOfRecipient } from "../../src/domain/recipient.ts";
import { createHistoryHandler } from "../../src/handlers/history.ts";
import { batchOf, createMemoryEntries } from "./happenings.ts";
import { createMemoryLedger } from "./memory-ledger.ts";

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

export function createOwners(history: RosterRecord[], cuts: number[], weakness: Weakness = {}) {
  const entries = createMemoryEntries();
  const withdrawals = createWithdrawals();
  const ledger = createMemoryLedger(() => 0);
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
        queue: (mails) => oneByOne(mails, (mail) => ledger.queue([mail])),
        cancel: (ids) => write(() => ledger.cancel(ids)),
        forget: (ids) => write(() => ledger.forget(ids)),
      },
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
    /** Ids of the notices that were queued, whatever became of them. */
    notices: () => [...ledger.rows.values()].filter(({ kind }) => kind === "already").map(({ id }) => id),
  };
}
