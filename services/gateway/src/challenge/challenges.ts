// Proof of work (ALTCHA), made and checked by ourselves: no third party learns who signs up.
import { TypeCompiler } from "@sinclair/typebox/compiler";
import { type Challenge, ProblemError, SolvedChallenge } from "@waitlist/contracts";
import { createChallenge, randomInt } from "altcha-lib";
import { deriveKey } from "altcha-lib/algorithms/pbkdf2";
import { LRUCache } from "lru-cache";
import type { Clock } from "../ports.ts";
import { createChallengeSecrets } from "./solution-check.ts";
import type { SpentChallenges } from "./spent-challenges.ts";

export interface Challenges {
  create(waitlistId: string): Promise<Challenge>;
  /**
   * Uses a solved challenge, in base64, up for one signup; what it resolves to gives it back where the signup failed.
   * `found` is called at once for one that is solved and wasn't brought here before: whether another gateway took it isn't
   * known by then. Throws `ProblemError` `invalid-request` at `/challenge` for one that is of no use.
   */
  redeem(waitlistId: string, solved: string, found?: () => void): Promise<() => Promise<void>>;
}

export interface Difficulty {
  /** Iterations of PBKDF2 for one counter. */
  cost: number;
  /** The counter that is sought is any from 1 to this. */
  counters: number;
}

export interface ChallengesDeps {
  /** `ENTRY_ID_SECRET`: keys are derived from it. */
  secret: string;
  spent: SpentChallenges;
  clock: Clock;
  difficulty?: Difficulty;
}

/**
 * On average 500 derivations of 5,000 iterations: some half a second of one core of a laptop, a few seconds of an old phone.
 * A derivation is long enough that a browser's WebCrypto is hardly slower than a bot's own code, and costs us one of
 * them, when the challenge is made; checking is one HMAC.
 */
const DIFFICULTY: Difficulty = { cost: 5000, counters: 1000 };
const LIFETIME_MS = 10 * 60_000;
/** Keys that are known to have been brought here; beyond that the one brought longest ago counts anew. */
const MAX_BROUGHT = 50_000;

const isSolved = TypeCompiler.Compile(SolvedChallenge);

export function createChallenges(deps: ChallengesDeps): Challenges {
  const { secret, spent, clock, difficulty = DIFFICULTY } = deps;
  const secrets = createChallengeSecrets(secret);
  const brought = new LRUCache<string, true>({ max: MAX_BROUGHT });
  return {
    create: async (waitlistId) => {
      const expiresAt = Math.floor((clock() + LIFETIME_MS) / 1000);
      const challenge = await createChallenge({
        ...secrets.signing({ waitlistId, expiresAt }),
        deriveKey,
        algorithm: "PBKDF2/SHA-256",
        cost: difficulty.cost,
        counter: randomInt(difficulty.counters),
        expiresAt: new Date(expiresAt * 1000),
        data: { waitlistId },
      });
      return challenge as Challenge;
    },
    redeem: async (waitlistId, solved, found) => {
      const payload = parse(solved);
      if (!payload) throw refused("is not a solved challenge");
      const { data, expiresAt, keySignature } = payload.challenge.parameters;
      const { derivedKey } = payload.solution;
      // First what costs nothing.
      if (data.waitlistId !== waitlistId) throw refused("is for another waitlist");
      if (expiresAt * 1000 <= clock()) throw refused("has expired");
      if (!secrets.isFound({ waitlistId, expiresAt }, { derivedKey, keySignature })) {
        throw refused("is not solved");
      }
      // No two challenges have one key.
      const used = { key: derivedKey, expiresAt: expiresAt * 1000 };
      if (!brought.has(derivedKey)) {
        brought.set(derivedKey, true);
        found?.();
      }
      if (!(await spent.spend(used))) throw refused("was used before");
      return () => {
        brought.delete(derivedKey);
        return spent.giveBack(used);
      };
    },
  };
}

const refused = (message: string) =>
  new ProblemError("invalid-request", undefined, { errors: [{ path: "/challenge", message }] });

/** Null for what can't have been made from one of our challenges. */
function parse(text: string): SolvedChallenge | null {
  try {
    const payload: unknown = JSON.parse(atob(text));
    return isSolved.Check(payload) ? payload : null;
  } catch {
    // Not base64, or no JSON in it: it is the client's, and refused with a problem that says so.
    return null;
  }
}
