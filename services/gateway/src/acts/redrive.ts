// Putting dead letters back on the log, and giving them up.
import { type DeadLetter, ProblemError, type Redriven, type RedrivenAll } from "@waitlist/contracts";
import type { Decision, Letter } from "../domain/dead-letters.ts";
import { noteOf, objectionTo, placeFor } from "../domain/redrive.ts";
import type { DeadLetters, Storage } from "../ports.ts";

export interface RedriveDeps {
  deadLetters: DeadLetters;
  storage: Pick<Storage, "places">;
}

/** In one request. */
const AT_ONCE = 200;

/**
 * Puts one letter's record back on the log, and says so in every group's letters of that record. A crash in between
 * puts it there twice: by its event's id and the offset that it names it counts once. Throws `ProblemError`:
 * `dead-letter-not-found`, `-settled` where it was discarded, `-not-redrivable` with the reason; `unavailable`.
 */
export async function redriveLetter(deps: RedriveDeps, id: string, by: string): Promise<Redriven> {
  const all = await deps.deadLetters.all();
  const letter = find(all, id);
  const { decided } = letter;
  if (decided?.status === "discarded") throw new ProblemError("dead-letter-settled");
  if (decided) return answerOf(letter, decided);
  return redrive(deps, letter, { ofRecord: openOfRecord(all, letter), by });
}

/** Of every open one, in the order of the log, so that signups keep theirs among themselves. Throws 503. */
export async function redriveAll(deps: RedriveDeps, by: string): Promise<RedrivenAll> {
  const done: RedrivenAll = { redriven: [], refused: [], open: 0 };
  const settled = new Set<string>();
  const open = inOrder((await deps.deadLetters.all()).filter(({ decided }) => !decided));
  for (const letter of open) {
    const place = `${letter.partition}:${letter.offset}`;
    if (settled.has(place) || done.redriven.length === AT_ONCE) continue;
    try {
      done.redriven.push(await redrive(deps, letter, { ofRecord: openOfRecord(open, letter), by }));
      settled.add(place);
    } catch (error) {
      if (!(error instanceof ProblemError) || error.code !== "dead-letter-not-redrivable") throw error;
      if (done.refused.length < AT_ONCE)
        done.refused.push({ deadLetterId: letter.id, detail: error.message });
    }
  }
  done.open = (await deps.deadLetters.all()).filter(({ decided }) => !decided).length;
  return done;
}

/** Gives one letter up; the others of the same record stay. Throws as `redriveLetter` does. */
export async function discardLetter(
  deps: Pick<RedriveDeps, "deadLetters">,
  id: string,
  said: { by: string; reason: string },
): Promise<DeadLetter> {
  const letter = find(await deps.deadLetters.all(), id);
  if (letter.decided?.status === "redriven") throw new ProblemError("dead-letter-settled");
  if (!letter.decided) await deps.deadLetters.decide([letter], { status: "discarded", ...said });
  return toDeadLetter(find(await deps.deadLetters.all(), id));
}

function find(letters: Letter[], id: string): Letter {
  const letter = letters.find((each) => each.id === id);
  if (!letter) throw new ProblemError("dead-letter-not-found");
  return letter;
}

/** Every group's letter of that record that nothing was decided about. */
const openOfRecord = (letters: Letter[], { partition, offset }: Letter): Letter[] =>
  letters.filter((each) => each.partition === partition && each.offset === offset && !each.decided);

async function redrive(
  { deadLetters, storage }: RedriveDeps,
  letter: Letter,
  { ofRecord, by }: { ofRecord: Letter[]; by: string },
): Promise<Redriven> {
  const place = await judge(storage, letter);
  const { offset } = await deadLetters.putBack(letter, by);
  const decision: Decision = { status: "redriven", by, offset, ...(place ? { place } : {}) };
  await deadLetters.decide(ofRecord, decision);
  return answerOf(letter, decision);
}

async function judge(storage: RedriveDeps["storage"], letter: Letter): Promise<Decision["place"]> {
  const refuse = (why: string) => new ProblemError("dead-letter-not-redrivable", why);
  const objection = objectionTo(letter);
  if (objection !== null) throw refuse(objection);
  const { type, waitlistId, entryId } = letter.event;
  if (type !== "WaitlistJoined" || waitlistId === undefined || entryId === undefined) return undefined;
  const judged = placeFor(letter, await storage.places({ waitlistId, entryId }));
  if ("objection" in judged) throw refuse(judged.objection);
  return judged.place;
}

const answerOf = ({ id }: Letter, { offset = 0, place }: Decision): Redriven => ({
  ...{ deadLetterId: id, status: "redriven", offset },
  ...(place ? { place } : {}),
  note: noteOf(place),
});

const inOrder = (letters: Letter[]): Letter[] =>
  letters.toSorted((one, other) => one.partition - other.partition || one.offset - other.offset);

/** A letter as operators see it. */
export function toDeadLetter({ id, at, kept: _, event, decided, ...letter }: Letter): DeadLetter {
  const { kind, type, ...about } = event;
  return {
    ...{ deadLetterId: id, status: decided?.status ?? "open", ...letter, at: new Date(at).toISOString() },
    readable: kind === "readable",
    ...(type === undefined ? {} : { eventType: type }),
    ...about,
    ...(decided ? { settled: toSettled(decided) } : {}),
  };
}

function toSettled({
  at,
  by,
  reason,
  offset,
}: NonNullable<Letter["decided"]>): NonNullable<DeadLetter["settled"]> {
  return {
    ...{ at: new Date(at).toISOString(), by },
    ...(reason === undefined ? {} : { reason }),
    ...(offset === undefined ? {} : { offset }),
  };
}
