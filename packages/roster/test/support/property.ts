// The property that everything here is for: whatever goes wrong, the stored places are those worked out on paper.
import assert from "node:assert/strict";
import fc from "fast-check";
import type { EntryRecord } from "../../src/fold.ts";
import { operations, toHistory } from "./history.ts";
import {
  Crash,
  type Database,
  type Plan,
  REMEMBERED,
  runOwner,
  storedPlaces,
  type Weakness,
} from "./model.ts";
import { type Reference, referencePlaces } from "./reference.ts";

const chunks = fc.array(fc.integer({ min: 1, max: 8 }), { minLength: 1, maxLength: 4 });
const mortal: fc.Arbitrary<Plan> = fc.record({ chunks, writes: fc.nat(20) });
const immortal: fc.Arbitrary<Plan> = chunks.map((sizes) => ({
  chunks: sizes,
  writes: Number.POSITIVE_INFINITY,
}));

/** Owners that die one after the other, then one that goes on from an earlier cursor and finishes. */
const inTurn = fc.record({
  operations,
  crashes: fc.array(mortal, { maxLength: 4 }),
  back: fc.nat(24),
  last: immortal,
});

/** Two owners at once, one of which may be the former one, interleaved at every step; then one that finishes. */
const atOnce = fc.record({
  operations,
  first: fc.array(mortal, { maxLength: 2 }),
  former: mortal,
  current: mortal,
  last: immortal,
  scheduler: fc.scheduler(),
});

const emptyDatabase = (): Database => ({ documents: new Map(), cursor: 0 });

const survive = (run: Promise<void>): Promise<void> =>
  run.catch((error: unknown) => {
    if (!(error instanceof Crash)) throw error;
  });

/** Throws where a stored place differs from the reference, or numbers have a gap. */
export function assertSamePlaces(stored: Reference, history: EntryRecord[]): void {
  const expected = referencePlaces(history, REMEMBERED);
  assert.deepEqual(Object.fromEntries(stored), Object.fromEntries(expected));
}

export const crashesAndReplays = (weakness: Weakness = {}) =>
  fc.asyncProperty(inTurn, async ({ operations: list, crashes, back, last }) => {
    const history = toHistory(list);
    const database = emptyDatabase();
    for (const plan of crashes) await survive(runOwner(database, history, plan, weakness));
    await runOwner(database, history, last, weakness);
    database.cursor = Math.min(back, history.length);
    await runOwner(database, history, last, weakness);
    assertSamePlaces(storedPlaces(database.documents.values()), history);
  });

export const formerOwners = (weakness: Weakness = {}) =>
  fc.asyncProperty(atOnce, async ({ operations: list, first, former, current, last, scheduler }) => {
    const history = toHistory(list);
    const database = emptyDatabase();
    for (const plan of first) await survive(runOwner(database, history, plan, weakness));
    const owners = [former, current].map((plan) =>
      survive(runOwner(database, history, plan, weakness, scheduler)),
    );
    await scheduler.waitFor(Promise.all(owners));
    await runOwner(database, history, last, weakness);
    assertSamePlaces(storedPlaces(database.documents.values()), history);
  });
