// The property that everything here is for: whatever goes wrong, the stored places are those worked out on paper.
import assert from "node:assert/strict";
import fc from "fast-check";
import { invitesOf, type Place, type RosterRecord } from "../../src/entry.ts";
import { createFold, type Fold } from "../../src/fold.ts";
import { operations, toHistory } from "./history.ts";
import { createModel, type Details, evolve, REMEMBERED, testRules, type Weakness } from "./model.ts";
import { type Database, type Plan, runOwner, survive } from "./owner.ts";
import { type ReferencePlace, referencePlaces } from "./reference.ts";

const chunks = fc.array(fc.integer({ min: 1, max: 8 }), { minLength: 1, maxLength: 4 });
const mortal: fc.Arbitrary<Plan> = fc.record({ chunks, writes: fc.nat(20) });
const immortal: fc.Arbitrary<Plan> = chunks.map((sizes) => ({
  chunks: sizes,
  writes: Number.POSITIVE_INFINITY,
}));

const inTurnOver = (histories: typeof operations) =>
  fc.record({
    operations: histories,
    crashes: fc.array(mortal, { maxLength: 4 }),
    back: fc.nat(24),
    last: immortal,
  });

/** Owners that die one after the other, then one that goes on from an earlier cursor and finishes. */
export const inTurn = inTurnOver(operations);

const atOnceOver = (histories: typeof operations) =>
  fc.record({
    operations: histories,
    first: fc.array(mortal, { maxLength: 2 }),
    former: mortal,
    current: mortal,
    last: immortal,
    scheduler: fc.scheduler(),
  });

/** Two owners at once, one of which may be the former one, interleaved at every step; then one that finishes. */
export const atOnce = atOnceOver(operations);

type Values<A> = A extends fc.Arbitrary<infer T> ? T : never;

interface Trial<D> {
  database: Database<D>;
  history: RosterRecord[];
  fold: Fold<D>;
}

export async function runInTurn<D>(
  trial: Trial<D>,
  { crashes, back, last }: Values<typeof inTurn>,
): Promise<void> {
  const { database, history } = trial;
  for (const plan of crashes) await survive(runOwner({ ...trial, plan }));
  await runOwner({ ...trial, plan: last });
  await database.cursors.advance(history.length, Math.min(back, history.length));
  await runOwner({ ...trial, plan: last });
}

export async function runAtOnce<D>(trial: Trial<D>, values: Values<typeof atOnce>): Promise<void> {
  const { first, former, current, last, scheduler } = values;
  for (const plan of first) await survive(runOwner({ ...trial, plan }));
  const owners = [former, current].map((plan) => survive(runOwner({ ...trial, plan, scheduler })));
  await scheduler.waitFor(Promise.all(owners));
  await runOwner({ ...trial, plan: last });
}

/** The event id of the signup that an entry's details are from. */
export type SignupOf<D> = (details: D) => string;

/**
 * Throws where a stored place differs from the reference: a wrong number, a gap, a person that came back. Without
 * `signupOf`, for a service that keeps nothing of the people, only places are compared.
 */
export async function assertSamePlaces<D>(trial: Trial<D>, signupOf: SignupOf<D> | null): Promise<void> {
  const expected = [...referencePlaces(trial.history, REMEMBERED)].map(([id, { places, signup }]) => [
    id,
    { places, signup: signupOf ? signup : null },
  ]);
  const stored = (await trial.database.entries()).map(({ entryId, places, details }) => [
    entryId,
    { places: places.map(inReferenceTerms), signup: details && signupOf ? signupOf(details) : null },
  ]);
  assert.deepEqual(Object.fromEntries(stored), Object.fromEntries(expected));
}

function inReferenceTerms({ ...place }: Place): ReferencePlace {
  const { joinOffset, position } = place;
  return {
    joinOffset,
    position,
    ...(place.endOffset === undefined ? {} : { endOffset: place.endOffset }),
    ...(place.confirmedOffset === undefined ? {} : { confirmedOffset: place.confirmedOffset }),
    invites: invitesOf(place).map(({ inviteId, closed }) => ({
      inviteId,
      ...(closed
        ? { closed: { how: closed.requeued ? "requeued" : closed.how, offset: closed.offset } }
        : {}),
    })),
  };
}

const signupOf = ({ signup }: Details) => signup;

const trialOf = (list: Values<typeof operations>, weakness: Weakness): Trial<Details> => ({
  database: createModel(weakness),
  history: toHistory(list),
  fold: createFold(evolve, { ...testRules, ...weakness.rules }),
});

export const crashesAndReplays = (weakness: Weakness = {}, histories = operations) =>
  fc.asyncProperty(inTurnOver(histories), async (values) => {
    const trial = trialOf(values.operations, weakness);
    await runInTurn(trial, values);
    await assertSamePlaces(trial, signupOf);
  });

export const formerOwners = (weakness: Weakness = {}, histories = operations) =>
  fc.asyncProperty(atOnceOver(histories), async (values) => {
    const trial = trialOf(values.operations, weakness);
    await runAtOnce(trial, values);
    await assertSamePlaces(trial, signupOf);
  });
