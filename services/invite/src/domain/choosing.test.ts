import type { Place } from "@waitlist/roster";
import { expect, test } from "vitest";
import type { Batch } from "./batch.ts";
import { choose, nothingChosen, withChosen } from "./choosing.ts";

const place = (joinOffset: number, position: number): Place => ({
  ...{ joinOffset, position, eventId: `e${joinOffset}` },
  ...{ joinedAt: 0, needsConfirmation: false },
});
const entryOf = (letter: string, places: Place[]) => {
  const entryId = letter.repeat(26);
  return { entryId, waitlistId: "socialode", places, repeatIds: [], lastOffset: 5, details: null };
};
const batch: Batch = {
  ...{ batchId: "b-1", waitlistId: "socialode", offset: 9, requestedAt: 1000, requestedBy: "ada", count: 2 },
  ...{
    partSize: 2,
    decision: null,
    progress: { upTo: 0, allocated: 0 },
    isOnLog: false,
    withdrawn: null,
    completed: null,
  },
};
const SECRET = "a secret of the tests";
const nothing = nothingChosen(batch, 2);

test("takes no more than the batch asks for, over all parts", () => {
  const first = choose(batch, nothing, [entryOf("a", [place(1, 1)])], SECRET);
  const sofar = withChosen(nothing, first);
  const second = choose(batch, sofar, [entryOf("b", [place(2, 2)]), entryOf("c", [place(3, 3)])], SECRET);
  expect([...first, ...second].map(({ position }) => position)).toEqual([1, 2]);
  expect(withChosen(sofar, second)).toEqual({ taken: 2, highest: 2, expiresAt: 1000 + 2 * 3_600_000 });
});

test("chooses the newest place of a person who has joined again", () => {
  const again = entryOf("a", [{ ...place(1, 1), endOffset: 2 }, place(4, 3)]);
  expect(choose(batch, nothing, [again], SECRET)).toMatchObject([{ joinOffset: 4, position: 3 }]);
});

test("an inviteId is made of batch and place: the same again, another for every other place or batch", () => {
  const ids = [
    choose(batch, nothing, [entryOf("a", [place(1, 1)])], SECRET),
    choose(batch, nothing, [entryOf("a", [place(1, 1)])], SECRET),
    choose(batch, nothing, [entryOf("a", [place(4, 1)])], SECRET),
    choose({ ...batch, batchId: "b-2" }, nothing, [entryOf("a", [place(1, 1)])], SECRET),
  ].map(([chosen]) => chosen?.inviteId);
  expect(ids[0]).toBe(ids[1]);
  expect(new Set(ids).size).toBe(3);
});
