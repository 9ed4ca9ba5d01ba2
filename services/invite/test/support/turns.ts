// Several owners of one partition at once, one step at a time, in an order that fast-check made.
import assert from "node:assert/strict";

/** The process died: nothing that it has under way gets any further. */
export class Crash extends Error {}

/** The outside is away for this one step; the process lives on, and so does what else it has under way. */
export class Refused extends Error {}

/** Waits for its turn; every effect on the outside comes right after one. */
export type Step = () => Promise<void>;

/** One actor goes on for some steps while all others stand still; then it may die, or be refused one step. */
export interface Burst {
  actor: number;
  steps: number;
  dies: boolean;
  isRefused?: boolean;
}

/** Which of the steps that wait is taken as the `turn`-th, the one that waits longest being number 0. */
export type Choose = (waiting: number, turn: number) => number;

export const oldestFirst: Choose = () => 0;

/** Any of them, by a seed and nothing else: the same run is the same each time. */
export const byChance =
  (seed: number): Choose =>
  (waiting, turn) => {
    // mulberry32: a few bits for each choice, and no more is asked of them.
    const state = (seed + Math.imul(turn, 0x6d2b79f5)) | 0;
    const mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    const more = mixed ^ (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed));
    return ((more ^ (more >>> 14)) >>> 0) % waiting;
  };

export interface TurnOptions {
  choose?: Choose;
  /** Called at each death, when nothing of that life moves any more. */
  died?: () => void;
}

interface Seat {
  waiting: PromiseWithResolvers<void>[];
  /** Ends the life that the actor has now. */
  end: (why: Crash) => void;
  moved: PromiseWithResolvers<void>;
  isDone: boolean;
}

/**
 * An actor gets a new life's `Step` from `live`: the one of a life that ended fails for ever. `atRest` throws where a step of
 * the actor still waits: what has failed must have nothing under way.
 */
export type Actor = (live: () => Step, atRest: () => Promise<void>) => Promise<void>;

/** When everything has happened that needs nothing but itself: promises first, then this. */
const settled = () => new Promise<void>((resolve) => process.nextTick(resolve));

function seat(actor: Actor): Seat {
  const own: Seat = {
    waiting: [],
    end: () => undefined,
    moved: Promise.withResolvers(),
    isDone: false,
  };
  const live = (): Step => {
    let ended: Crash | null = null;
    own.end = (why) => {
      ended = why;
      for (const gate of own.waiting.splice(0)) gate.reject(why);
    };
    return () => {
      if (ended) return Promise.reject(ended);
      const gate = Promise.withResolvers<void>();
      own.waiting.push(gate);
      own.moved.resolve();
      return gate.promise;
    };
  };
  const atRest = async () => {
    await settled();
    assert.equal(own.waiting.length, 0, "something that has failed is still at work");
  };
  void actor(live, atRest).finally(() => {
    own.isDone = true;
    own.moved.resolve();
  });
  return own;
}

/** False where the actor has come to its end already. */
async function go(
  own: Seat,
  choose: (waiting: number) => number,
  ends: "dies" | "is refused" | null = null,
): Promise<boolean> {
  // What is not waiting for a turn waits for something else, and comes in its own time.
  while (own.waiting.length === 0 && !own.isDone) {
    own.moved = Promise.withResolvers();
    await own.moved.promise;
    await settled();
  }
  if (own.isDone) return false;
  if (ends === "dies") own.end(new Crash());
  else {
    const [gate] = own.waiting.splice(choose(own.waiting.length), 1);
    if (ends) gate?.reject(new Refused());
    else gate?.resolve();
  }
  // All that can wait waits by then, so that there is something to choose from.
  await settled();
  return true;
}

/** Runs the bursts in order, then every actor to its end; returns how many deaths and refusals there were. */
export async function takeTurns(
  actors: Actor[],
  bursts: Burst[],
  { choose = oldestFirst, died }: TurnOptions = {},
): Promise<number> {
  let ends = 0;
  let turn = 0;
  const chosen = (waiting: number) => {
    turn += 1;
    return choose(waiting, turn);
  };
  const failures: unknown[] = [];
  const seats = actors.map((actor) =>
    seat((live, atRest) => actor(live, atRest).catch((error: unknown) => void failures.push(error))),
  );
  for (const { actor, steps, dies, isRefused } of bursts) {
    const own = seats[actor % seats.length];
    if (!own) continue;
    for (let step = 0; step < steps && !own.isDone; step += 1) await go(own, chosen);
    if (isRefused && (await go(own, chosen, "is refused"))) ends += 1;
    if (!dies || !(await go(own, chosen, "dies"))) continue;
    ends += 1;
    died?.();
  }
  for (const own of seats) while (!own.isDone) await go(own, chosen);
  if (failures.length > 0) throw failures[0];
  return ends;
}
