// Judges a signup. Consumers never judge again: what is accepted here has its place.
import {
  type Address,
  type DataOf,
  entryIdOf,
  type FieldError,
  type JoinRequest,
  type ProblemCode,
  ProblemError,
  parseAddress,
  referralCodeOf,
  type StoredWaitlist,
  type WaitlistState,
} from "@waitlist/contracts";
import { answerErrors } from "./answers.ts";
import { stateOf } from "./waitlist-state.ts";

const REFUSED_BY_STATE: Record<Exclude<WaitlistState, "open">, ProblemCode> = {
  "not-open": "waitlist-not-open",
  closed: "waitlist-closed",
  full: "waitlist-full",
};

/**
 * What goes on the log for this signup. Throws `ProblemError`: 409 where the list takes none at `now` (milliseconds),
 * 400 with the fields that are wrong. The same for every address, known or not.
 */
export function judgeSignup(
  stored: StoredWaitlist,
  request: JoinRequest,
  { secret, now }: { secret: string; now: number },
): DataOf<"WaitlistJoined"> {
  const state = stateOf(stored, now);
  if (state !== "open") throw new ProblemError(REFUSED_BY_STATE[state]);
  const address = parseAddress(request.email);
  const errors = [
    ...(address ? [] : [{ path: "/email", message: "is not a mail address that mail can be sent to" }]),
    ...answerErrors(stored.definition.questions, request.answers),
    ...consentErrors(stored, request),
  ];
  if (!address || errors.length > 0) throw new ProblemError("invalid-request", undefined, { errors });
  return joinOf(stored, request, address, secret);
}

function consentErrors({ definition: { consent } }: StoredWaitlist, request: JoinRequest): FieldError[] {
  return consent?.required && request.consent !== true
    ? [{ path: "/consent", message: "must be given to sign up" }]
    : [];
}

function joinOf(
  { waitlistId, definition }: StoredWaitlist,
  request: JoinRequest,
  address: Address,
  secret: string,
): DataOf<"WaitlistJoined"> {
  const { referredBy, challenge: _challenge, website: _website, ...rest } = request;
  const entryId = entryIdOf(secret, waitlistId, address.canonical);
  // An old link with a referral doesn't cost a signup on a list that counts none; nobody refers themselves.
  const counts = definition.referrals && referredBy !== undefined && referredBy !== referralCodeOf(entryId);
  return {
    waitlistId,
    entryId,
    needsConfirmation: definition.doubleOptIn,
    ...rest,
    email: address.typed,
    ...(counts ? { referredBy } : {}),
  };
}
