import { AssertionError } from "node:assert/strict";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Weakness } from "./support/model.ts";
import { crashesAndReplays, formerOwners } from "./support/property.ts";

/** Each guard of the fold and of its writes, and what is left when it is left out. */
const WITHOUT: Record<string, Weakness> = {
  "a join keeps the place that an earlier attempt wrote": { rules: { ownPlace: () => undefined } },
  "the next number moves past a place that is there": { rules: { nextAfter: (next) => next } },
  "what a document has seen is settled": { rules: { isSettled: () => false } },
  "a place's record delivered again is a duplicate": { rules: { isPlacesEvent: () => false } },
  "a repeat's record delivered again is a duplicate": { rules: { isRepeatsEvent: () => false } },
  "repeats are remembered": { rules: { remember: (ids) => ids } },
  "an open place is the only one": { rules: { isOpen: () => false } },
  "a fact touches the place that it names": { rules: { placeNamed: (entry) => entry.places.at(-1) } },
  "an invite that a place has had isn't given again": { rules: { isKnownInvite: () => false } },
  "what is closed stays as it was closed": { rules: { isClosed: () => false } },
  "the first closing on the log counts": { rules: { firstClosing: (one, other) => other ?? one } },
  "a closing before its allocation is remembered": { rules: { rememberClosing: (closings) => closings } },
  "only places that the cursor has passed count for the next number": { noCutOff: true },
  "no write goes back behind a newer one": { noWriteGuard: true },
};

describe("each guard is needed: without it, places come out wrong", () => {
  test.for(Object.entries(WITHOUT))("%s", async ([_name, weakness]) => {
    const runs = { numRuns: 150_000, seed: 20_26, endOnFailure: true };
    const inTurn = await fc.check(crashesAndReplays(weakness), runs);
    const atOnce = inTurn.failed ? inTurn : await fc.check(formerOwners(weakness), runs);
    const failure = atOnce.errorInstance;
    // The places differ: an error of another kind would only say that the test is broken.
    expect(failure).toBeInstanceOf(AssertionError);
  });
});
