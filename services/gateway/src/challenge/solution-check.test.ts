import { createChallenge, solveChallenge, verifySolution } from "altcha-lib";
import { deriveKey } from "altcha-lib/algorithms/pbkdf2";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type ChallengeTerms, createChallengeSecrets } from "./solution-check.ts";

const secrets = createChallengeSecrets("a secret for tests only");

const terms: fc.Arbitrary<ChallengeTerms> = fc.record({
  waitlistId: fc.stringMatching(/^[a-z0-9]{1,3}(-[a-z0-9]{1,3})?$/),
  expiresAt: fc.integer({ min: 4_000_000_000, max: 4_000_000_020 }),
});

/** Made and solved by the library, with the secrets for these terms. */
async function foundKey(of: ChallengeTerms) {
  const challenge = await createChallenge({
    ...secrets.signing(of),
    ...{ deriveKey, algorithm: "PBKDF2/SHA-256", cost: 1, counter: 1 },
    expiresAt: new Date(of.expiresAt * 1000),
    data: { waitlistId: of.waitlistId },
  });
  const solution = await solveChallenge({ challenge, deriveKey });
  if (!solution) throw new Error("the library could not solve its own challenge");
  const { keySignature = "" } = challenge.parameters;
  return { challenge, solution, key: { derivedKey: solution.derivedKey, keySignature } };
}

describe("the key of a challenge", () => {
  it("is found for the terms that it was made for and no others, as the library has it, too", async () => {
    await fc.assert(
      fc.asyncProperty(terms, terms, async (own, other) => {
        const { challenge, solution, key } = await foundKey(own);
        const isSame = own.waitlistId === other.waitlistId && own.expiresAt === other.expiresAt;
        expect([secrets.isFound(own, key), secrets.isFound(other, key)]).toEqual([true, isSame]);
        const verify = (of: ChallengeTerms) =>
          verifySolution({ challenge, solution, deriveKey, ...secrets.signing(of) });
        expect([(await verify(own)).verified, (await verify(other)).verified]).toEqual([true, isSame]);
      }),
      { numRuns: 200 },
    );
  });

  it("is no other that begins as the challenge says, which anybody can read", async () => {
    const own = { waitlistId: "socialode", expiresAt: 4_000_000_000 };
    const { challenge, key } = await foundKey(own);
    const { keyPrefix } = challenge.parameters;
    const guessed = keyPrefix + "0".repeat(64 - keyPrefix.length);
    expect(secrets.isFound(own, { ...key, derivedKey: guessed })).toBe(false);
  });

  it("is not found with another installation's secret", async () => {
    const own = { waitlistId: "socialode", expiresAt: 4_000_000_000 };
    const { key } = await foundKey(own);
    expect(createChallengeSecrets("another secret").isFound(own, key)).toBe(false);
  });
});
