// Any history: what is worked out on paper keeps the promise, stated here without any of the paper's steps. Everything
// true "at N" is looked up in the records before N.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isOpen, type PaperBatch, type PaperPlace } from "../src/paper/model.ts";
import { audited, saidBy } from "./support/audited.ts";
import { store } from "./support/databases.ts";
import { ask, createHistory } from "./support/history.ts";
import { histories, written } from "./support/steps.ts";

/** Whether a place could be invited at an offset, from its own dates alone. */
function wasEligible(place: PaperPlace, at: number): boolean {
  const { joinOffset, endOffset = Number.POSITIVE_INFINITY, needsConfirmation, confirmedOffset } = place;
  // A batch of one that a departure makes comes at the departure's own offset, after it.
  if (joinOffset >= at || endOffset <= at) return false;
  if (needsConfirmation && (confirmedOffset ?? Number.POSITIVE_INFINITY) >= at) return false;
  return place.decided.given
    .filter(({ offset }) => offset < at)
    .every(({ closed }) => closed?.requeued === true && closed.offset <= at);
}

/** By position: nobody who could be invited was passed over for somebody behind, and no more were taken than asked for. */
function assertTaken(
  { places }: { places: PaperPlace[] },
  { batchId, chosen, count, isNamed, offset }: PaperBatch,
): void {
  expect(chosen.size).toBeLessThanOrEqual(count);
  const taken = places.filter(({ decided }) => decided.given.some((each) => each.batchId === batchId));
  expect(taken.map(({ position }) => position)).toEqual([...chosen.values()].map(({ position }) => position));
  for (const place of taken) expect(wasEligible(place, offset)).toBe(true);
  if (isNamed || chosen.size === 0) return;
  const isReclaim = batchId.startsWith("r-");
  const behind = taken.at(-1)?.position ?? 0;
  const passedOver = places.filter(
    (place) =>
      place.position < behind &&
      !taken.includes(place) &&
      wasEligible(place, offset) &&
      !(isReclaim && place.decided.given.some((each) => each.offset < offset)),
  );
  expect(passedOver).toEqual([]);
}

describe("any history, worked out on paper", () => {
  it("has positions without gaps, one open place a person, and batches that take the first in order", () => {
    const property = fc.property(histories, (steps) => {
      const list = written(steps).list();
      expect(list.places.map(({ position }) => position)).toEqual(list.places.map((_, index) => index + 1));
      const joins = list.places.map(({ joinOffset }) => joinOffset);
      expect(joins).toEqual(joins.toSorted((one, other) => one - other));
      for (const { places } of list.entries.values())
        expect(places.filter(isOpen).length).toBeLessThanOrEqual(1);
      for (const each of list.batches) assertTaken(list, each);
    });
    fc.assert(property, { numRuns: 1000 });
  });

  it("gives nobody a second invite, unless the first expired and put the place back", () => {
    const property = fc.property(histories, (steps) => {
      for (const { decided } of written(steps).list().places) {
        for (const [index, { offset }] of decided.given.entries()) {
          const before = decided.given[index - 1]?.closed;
          expect(index === 0 || (before?.requeued === true && before.offset <= offset)).toBe(true);
        }
      }
    });
    fc.assert(property, { numRuns: 1000 });
  });

  it("agrees with what the services store of it, from wherever the log begins", async () => {
    const property = fc.asyncProperty(histories, fc.nat({ max: 100 }), async (steps, at) => {
      const history = written(steps);
      const start = Math.min(at, history.records.length);
      expect(saidBy(await audited(history.records, store(history)))).toEqual([]);
      expect(saidBy(await audited(history.records, store(history), start))).toEqual([]);
    });
    await fc.assert(property, { numRuns: 500 });
  });

  it("would be found to pass somebody over: a control", () => {
    const history = createHistory();
    history.define();
    for (const person of [0, 1, 2]) history.join(person);
    ask(history, "one", 2);
    const batch = history.batch("one");
    expect(() => assertTaken(history.list(), batch)).not.toThrow();
    const [first] = history.list().places;
    first?.decided.given.pop();
    batch.chosen.delete([...batch.chosen.keys()][0] ?? "");
    expect(() => assertTaken(history.list(), batch)).toThrow();
  });
});
