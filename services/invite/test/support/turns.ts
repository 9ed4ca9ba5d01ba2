// Several owners of one partition at once, one step at a time, in an order that fast-check made.

/** The process died: nothing that it has under way gets any further. */
export class Crash extends Error {}

/** Waits for its turn; every effect on the outside comes right after one. */
export type Step = () => Promise<void>;

/** One actor goes on for some steps while all others stand still; then it may die. */
export interface Burst {
  actor: number;
  steps: number;
  dies: boolean;
}

interface Seat {
  gate: PromiseWithResolvers<void> | null;
  arrived: PromiseWithResolvers<void>;
  isDone: boolean;
}

/** An actor gets a new life's `Step` from `live`: the one of a life that ended fails for ever. */
export type Actor = (live: () => Step) => Promise<void>;

function seat(actor: Actor): Seat {
  const own: Seat = { gate: null, arrived: Promise.withResolvers(), isDone: false };
  const wait = (): Promise<void> => {
    own.gate = Promise.withResolvers();
    own.arrived.resolve();
    return own.gate.promise;
  };
  // Steps that an actor asks for at the same time are taken one after the other.
  const live = (): Step => {
    let last = Promise.resolve();
    return () => {
      last = last.then(wait);
      return last;
    };
  };
  void actor(live).finally(() => {
    own.isDone = true;
    own.arrived.resolve();
  });
  return own;
}

/** False where the actor has come to its end already. */
async function go(own: Seat, dies = false): Promise<boolean> {
  await own.arrived.promise;
  if (own.isDone || !own.gate) return false;
  const { gate } = own;
  own.gate = null;
  own.arrived = Promise.withResolvers();
  if (dies) gate.reject(new Crash());
  else gate.resolve();
  await own.arrived.promise;
  return true;
}

/** Runs the bursts in order, then every actor to its end; returns how many deaths there were. */
export async function takeTurns(actors: Actor[], bursts: Burst[]): Promise<number> {
  let deaths = 0;
  const failures: unknown[] = [];
  const seats = actors.map((actor) =>
    seat((live) => actor(live).catch((error: unknown) => void failures.push(error))),
  );
  for (const { actor, steps, dies } of bursts) {
    const own = seats[actor % seats.length];
    if (!own) continue;
    for (let step = 0; step < steps && !own.isDone; step += 1) await go(own);
    if (dies && (await go(own, true))) deaths += 1;
  }
  for (const own of seats) while (!own.isDone) await go(own);
  if (failures.length > 0) throw failures[0];
  return deaths;
}
