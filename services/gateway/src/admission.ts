// Lets signups go on to the log: on a list that asks for it, only with a solved challenge.
import { ProblemError, type StoredWaitlist } from "@waitlist/contracts";
import type { Challenges } from "./challenge/challenges.ts";
import { asksForChallenge } from "./domain/waitlist-state.ts";
import type { Limits } from "./limits/limits.ts";
import type { RefusedSignups } from "./refused-signups.ts";

/** A signup that is to be let in. */
export interface Admitted<T> {
  /** Called, without being waited for, as soon as it is known to bring what its list asks for. */
  counts(): void;
  append(): Promise<T>;
}

export interface Admission {
  /** Whether a signup has to bring a solved challenge right now. */
  asksForChallenge(stored: StoredWaitlist): boolean;
  /**
   * Runs `append` for a signup that brings what the list asks for; a challenge is used up only if that succeeds. Throws
   * `ProblemError`: `challenge-required`, or `invalid-request` at `/challenge`. The same for every address.
   */
  admit<T>(stored: StoredWaitlist, solved: string | undefined, signup: Admitted<T>): Promise<T>;
}

export interface AdmissionDeps {
  challenges: Challenges;
  limits: Pick<Limits, "underAttack">;
  refusals: RefusedSignups;
  publicUrl: string;
}

export function createAdmission({ challenges, limits, refusals, publicUrl }: AdmissionDeps): Admission {
  const asks = ({ waitlistId, definition }: StoredWaitlist) =>
    asksForChallenge(definition, limits.underAttack(waitlistId));

  const required = (waitlistId: string) => {
    refusals.count("no-challenge");
    const url = new URL(`/v1/waitlists/${waitlistId}/challenge`, publicUrl);
    return new ProblemError("challenge-required", `Send a solved challenge as challenge; ${url} gives one.`);
  };

  return {
    asksForChallenge: asks,
    admit: async (stored, solved, { counts, append }) => {
      if (!asks(stored)) {
        counts();
        return append();
      }
      if (solved === undefined) throw required(stored.waitlistId);
      const giveBack = await challenges.redeem(stored.waitlistId, solved, counts).catch((error: unknown) => {
        refusals.count("wrong-challenge");
        throw error;
      });
      try {
        return await append();
      } catch (error) {
        await giveBack();
        throw error;
      }
    },
  };
}
