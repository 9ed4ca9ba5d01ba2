import { ProblemError } from "@waitlist/contracts";
import { solve } from "@waitlist/testing";
import { type Challenge as LibraryChallenge, solveChallenge } from "altcha-lib";
import { deriveKey } from "altcha-lib/algorithms/web/pbkdf2";
import fc from "fast-check";
import { beforeEach, describe, expect, it } from "vitest";
import { type Challenges, createChallenges } from "./challenges.ts";
import { createLocalSpentChallenges } from "./spent-challenges.ts";

const SECRET = "a secret for tests only";
const LIST = "socialode";
const MINUTE = 60_000;

let ahead: number;
let challenges: Challenges;
const create = (secret = SECRET) =>
  createChallenges({
    secret,
    spent: createLocalSpentChallenges(),
    clock: () => Date.now() + ahead,
    difficulty: { cost: 10, counters: 20 },
  });
beforeEach(() => {
  ahead = 0;
  challenges = create();
});

const solved = async (waitlistId = LIST) => solve(await challenges.create(waitlistId));

/** What is said of it; null where it is good. */
async function complaint(solution: string, waitlistId = LIST, by = challenges): Promise<string | null> {
  try {
    await by.redeem(waitlistId, solution);
    return null;
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error;
    expect([error.code, error.errors?.length, error.errors?.[0]?.path]).toEqual([
      "invalid-request",
      1,
      "/challenge",
    ]);
    return error.errors?.[0]?.message ?? "";
  }
}

describe("a solved challenge", () => {
  it("is good once", async () => {
    const solution = await solved();
    expect(await complaint(solution)).toBeNull();
    expect(await complaint(solution)).toBe("was used before");
    expect(await complaint(await solved())).toBeNull();
  });

  it("is good once, however many ask at the same time", async () => {
    const solution = await solved();
    const all = await Promise.all(Array.from({ length: 20 }, () => complaint(solution)));
    expect(all.filter((each) => each === null)).toHaveLength(1);
  });

  it("is good again where the signup failed", async () => {
    const solution = await solved();
    const giveBack = await challenges.redeem(LIST, solution);
    await giveBack();
    expect(await complaint(solution)).toBeNull();
  });

  it("is good for its list only, and not used up by another", async () => {
    const solution = await solved("other");
    expect(await complaint(solution)).toBe("is for another waitlist");
    expect(await complaint(solution, "other")).toBeNull();
  });

  it("is good for ten minutes", async () => {
    const [soon, late] = [await solved(), await solved()];
    ahead = 10 * MINUTE - 2000;
    expect(await complaint(soon)).toBeNull();
    ahead = 10 * MINUTE;
    expect(await complaint(late)).toBe("has expired");
  });

  it("is good at any gateway with the same secret, and at none with another", async () => {
    expect(await complaint(await solved(), LIST, create())).toBeNull();
    expect(await complaint(await solved(), LIST, create("another secret"))).toBe("is not solved");
  });

  it("may be the ALTCHA library's own work", async () => {
    const challenge = (await challenges.create(LIST)) as LibraryChallenge;
    const solution = await solveChallenge({ challenge, deriveKey });
    expect(await complaint(btoa(JSON.stringify({ challenge, solution })))).toBeNull();
  });

  it("of the usual difficulty is solved in seconds, not in no time", async () => {
    const usual = createChallenges({ secret: SECRET, spent: createLocalSpentChallenges(), clock: Date.now });
    const { parameters } = await usual.create(LIST);
    expect([parameters.cost, parameters.keyLength, parameters.keyPrefix.length]).toEqual([5000, 32, 32]);
    expect(await complaint(await solve(await usual.create(LIST)), LIST, usual)).toBeNull();
  });
});

describe("what is no solved challenge", () => {
  type Payload = { challenge: { parameters: Record<string, unknown>; signature: string }; solution: object };
  const changed = async (change: (payload: Payload) => void) => {
    const payload = JSON.parse(atob(await solved())) as Payload;
    change(payload);
    return complaint(btoa(JSON.stringify(payload)));
  };

  it("is one with another key or lifetime, or whose key was signed for something else", async () => {
    const other = JSON.parse(atob(await solved())) as Payload;
    const forged = await Promise.all([
      changed(({ solution }) => Object.assign(solution, { derivedKey: "0".repeat(64) })),
      changed(({ solution }) => Object.assign(solution, other.solution)),
      changed(({ challenge }) => Object.assign(challenge.parameters, { expiresAt: 9_999_999_999 })),
      changed(({ challenge: { parameters } }) =>
        Object.assign(parameters, { keySignature: other.challenge.parameters.keySignature }),
      ),
    ]);
    expect(new Set(forged)).toEqual(new Set(["is not solved"]));
  });

  it("is the same one again, whatever was changed in it that says only how to solve it", async () => {
    const solution = await solved();
    expect(await complaint(solution)).toBeNull();
    const again = async (change: (payload: Payload) => void) => {
      const payload = JSON.parse(atob(solution)) as Payload;
      change(payload);
      return complaint(btoa(JSON.stringify(payload)));
    };
    const changes = [{ cost: 1 }, { keyPrefix: "00" }, { nonce: "0".repeat(32) }, { salt: "1".repeat(32) }];
    const repeated = await Promise.all([
      ...changes.map((parameters) =>
        again(({ challenge }) => Object.assign(challenge.parameters, parameters)),
      ),
      again(({ challenge }) => Object.assign(challenge, { signature: "0".repeat(64) })),
    ]);
    expect(new Set(repeated)).toEqual(new Set(["was used before"]));
  });

  it("is one for another list that was made out to this one", async () => {
    const payload = JSON.parse(atob(await solved("other"))) as Payload;
    payload.challenge.parameters.data = { waitlistId: LIST };
    expect(await complaint(btoa(JSON.stringify(payload)))).toBe("is not solved");
  });

  it("is one of another form", async () => {
    const broken = await Promise.all([
      changed((payload) => Object.assign(payload, { solution: null })),
      changed(({ solution }) => Object.assign(solution, { derivedKey: "00" })),
      changed(({ challenge }) => Object.assign(challenge.parameters, { expiresAt: "soon" })),
      changed(({ challenge }) => Object.assign(challenge.parameters, { keySignature: undefined })),
      changed(({ challenge }) => Object.assign(challenge.parameters, { data: { waitlistId: { $gt: "" } } })),
      complaint(""),
      complaint("bnVsbA=="),
      complaint("not base64"),
    ]);
    expect(new Set(broken)).toEqual(new Set(["is not a solved challenge"]));
  });

  it("is nothing that makes the gateway fail, whatever it is", async () => {
    const text = fc.oneof(
      fc.string(),
      fc.json().map((json) => btoa(encodeURIComponent(json))),
      fc.base64String(),
    );
    await fc.assert(
      fc.asyncProperty(text, async (hostile) => {
        expect(await complaint(hostile)).toBe("is not a solved challenge");
      }),
    );
  });
});

describe("what is remembered without Redis", () => {
  it("is bounded: the one used longest ago is forgotten", async () => {
    const spent = createLocalSpentChallenges(2);
    const spend = (key: string) => spent.spend({ key, expiresAt: 1000 });
    for (const key of ["a", "b", "c"]) expect(await spend(key)).toBe(true);
    expect(await spend("c")).toBe(false);
    expect(await spend("a")).toBe(true);
  });
});
