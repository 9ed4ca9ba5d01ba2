import type { SolvedChallenge } from "@waitlist/contracts";
import { solve } from "@waitlist/testing";
import { verifySolution } from "altcha-lib";
import { deriveKey } from "altcha-lib/algorithms/pbkdf2";
import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { createChallenges } from "./challenges.ts";
import { createSolutionCheck, signingSecrets } from "./solution-check.ts";
import { createLocalSpentChallenges } from "./spent-challenges.ts";

const SECRET = "a secret for tests only";
const secrets = signingSecrets(SECRET);
const check = createSolutionCheck(secrets);

let genuine: SolvedChallenge[];
beforeAll(async () => {
  const challenges = createChallenges({
    ...{ secret: SECRET, spent: createLocalSpentChallenges(), clock: Date.now },
    difficulty: { cost: 2, counters: 5 },
  });
  const texts = ["first", "second", "third"].map(async (list) => solve(await challenges.create(list)));
  genuine = (await Promise.all(texts)).map((text) => JSON.parse(atob(text)) as SolvedChallenge);
});

const libraryCheck = async (solved: SolvedChallenge) =>
  (await verifySolution({ ...solved, deriveKey, ...secrets })).verified;

/** A field's value from another genuine challenge, or one hexadecimal digit of it changed. */
const change = fc.record({
  field: fc.constantFrom(
    "nonce",
    "salt",
    "keyPrefix",
    "keySignature",
    "expiresAt",
    "data",
    "signature",
    "key",
  ),
  from: fc.nat(2),
  digit: fc.option(fc.nat(63), { nil: undefined }),
});

function changed(
  solved: SolvedChallenge,
  { field, from, digit }: typeof change extends fc.Arbitrary<infer T> ? T : never,
) {
  const other = genuine[from];
  if (!other) throw new Error("there is no such challenge");
  const flip = (text: string) => {
    if (digit === undefined || digit >= text.length) return text;
    return text.slice(0, digit) + (text[digit] === "0" ? "1" : "0") + text.slice(digit + 1);
  };
  const { challenge, solution } = structuredClone(solved);
  const parameters = challenge.parameters as Record<string, unknown>;
  if (field === "signature") challenge.signature = flip(other.challenge.signature);
  else if (field === "key") solution.derivedKey = flip(other.solution.derivedKey);
  else {
    const value = other.challenge.parameters[field as "nonce"];
    parameters[field] = typeof value === "string" ? flip(value) : value;
  }
  return { challenge, solution };
}

describe("a solved challenge", () => {
  it("is taken, whatever the order of its fields", async () => {
    for (const solved of genuine) {
      const { challenge, solution } = solved;
      const parameters = Object.fromEntries(Object.entries(challenge.parameters).toReversed());
      const turned = {
        challenge: { signature: challenge.signature, parameters },
        solution,
      } as SolvedChallenge;
      expect([check(solved), check(turned)]).toEqual([true, true]);
      expect([await libraryCheck(solved), await libraryCheck(turned)]).toEqual([true, true]);
    }
  });

  it("isn't with another secret", () => {
    const others = createSolutionCheck(signingSecrets("another secret"));
    expect(genuine.map(others)).toEqual([false, false, false]);
  });

  it("is judged as the library judges it, whatever was changed in it", async () => {
    const verdicts = new Set<boolean>();
    await fc.assert(
      fc.asyncProperty(fc.nat(2), fc.array(change, { maxLength: 3 }), async (which, changes) => {
        const solved = changes.reduce(changed, genuine[which] as SolvedChallenge);
        const verdict = check(solved);
        verdicts.add(verdict);
        expect(await libraryCheck(solved)).toBe(verdict);
      }),
      { numRuns: 500 },
    );
    expect(verdicts.size).toBe(2);
  });
});
