// Owners of a partition that crash between any two writes, and that go on after somebody else has taken over.
import type { Scheduler } from "fast-check";
import type { RosterEntry, RosterRecord } from "../../src/entry.ts";
import type { Fold } from "../../src/fold.ts";
import { createProjection, type EntryStore, type Withdrawals } from "../../src/projection.ts";

/** One partition's cursor. */
export interface Cursors {
  load(): Promise<number>;
  /** Compare-and-set. */
  advance(from: number, to: number): Promise<boolean>;
}

export interface Database<D> {
  store: EntryStore<D>;
  withdrawals: Withdrawals;
  cursors: Cursors;
  entries(): Promise<RosterEntry<D>[]>;
}

/** How one owner works: the sizes of its chunks, in turn, and after how many writes it dies. */
export interface Plan {
  chunks: number[];
  writes: number;
}

class Crash extends Error {}

/** Lets a crash be one; any other failure is the test's. */
export const survive = (run: Promise<void>): Promise<void> =>
  run.catch((error: unknown) => {
    if (!(error instanceof Crash)) throw error;
  });

interface Steps {
  /** Waits until the scheduler lets this owner go on. */
  turn(): Promise<void>;
  /** Dies where the plan says so. */
  write(): void;
}

function createSteps(plan: Plan, scheduler: Scheduler | undefined): Steps {
  let writes = 0;
  return {
    turn: async () => {
      if (scheduler) await scheduler.schedule(Promise.resolve());
    },
    write: () => {
      if (writes >= plan.writes) throw new Crash();
      writes += 1;
    },
  };
}

/** The same store, one document at a time, with a step before each call. */
function inSteps<D>(store: EntryStore<D>, { turn, write }: Steps): EntryStore<D> {
  return {
    load: async (ids) => {
      await turn();
      return store.load(ids);
    },
    highest: async (lists, before) => {
      await turn();
      return store.highest(lists, before);
    },
    write: async (entries, known) => {
      const refused: string[] = [];
      for (const entry of entries) {
        await turn();
        write();
        refused.push(...(await store.write([entry], known)));
      }
      return new Set(refused);
    },
  };
}

const withdrawalsInSteps = (withdrawals: Withdrawals, { turn, write }: Steps): Withdrawals => ({
  keep: async (records) => {
    for (const record of records.filter(({ event }) => event.type === "InviteBatchWithdrawn")) {
      await turn();
      write();
      await withdrawals.keep([record]);
    }
  },
  of: async (batches) => {
    await turn();
    return withdrawals.of(batches);
  },
});

/** Follows the history from the cursor to its end, or to the owner's own death. */
export async function runOwner<D>(options: {
  database: Database<D>;
  history: RosterRecord[];
  plan: Plan;
  fold: Fold<D>;
  scheduler?: Scheduler;
}): Promise<void> {
  const { database, history, plan, fold } = options;
  const steps = createSteps(plan, options.scheduler);
  const projection = createProjection({
    store: inSteps(database.store, steps),
    withdrawals: withdrawalsInSteps(database.withdrawals, steps),
    fold,
  });
  let cursor = await database.cursors.load();
  for (let round = 0; cursor < history.length; round++) {
    const next = Math.min(history.length, cursor + (plan.chunks[round % plan.chunks.length] ?? 1));
    await projection.apply({ partition: 0, first: cursor, next, records: history.slice(cursor, next) });
    await steps.turn();
    steps.write();
    if (await database.cursors.advance(cursor, next)) {
      cursor = next;
    } else {
      projection.takeOver(0);
      cursor = await database.cursors.load();
    }
  }
}
