// What an invite's closing says to one attempt to redeem it.
import { type InviteState, type ProblemCode, ProblemError } from "@waitlist/contracts";

/** An invite that was redeemed. */
export type RedeemedInvite = InviteState & { redeemedAt: string };

const REFUSALS: Record<Exclude<InviteState["state"], "open">, ProblemCode> = {
  redeemed: "invite-redeemed",
  expired: "invite-expired",
  withdrawn: "invite-withdrawn",
  left: "invite-gone",
};

/**
 * Null where nothing has closed the invite yet; the invite as redeemed where this attempt has. Throws `ProblemError`
 * where anything else has: that stays so.
 */
export function judgeAttempt(invite: InviteState, attempt: string): RedeemedInvite | null {
  const { state, closedAt } = invite;
  if (state === "open") return null;
  if (state === "redeemed" && invite.attempt === attempt && closedAt !== undefined) {
    return { ...invite, redeemedAt: closedAt };
  }
  throw new ProblemError(REFUSALS[state]);
}
