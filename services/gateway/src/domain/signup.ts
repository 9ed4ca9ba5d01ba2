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

export interface JudgeOptions {
  /** `ENTRY_ID_SECRET`. */
  secret: string;
  /** Milliseconds since 1970. */
  now: number;
  /** Whether a domain, in ASCII, is one of throw-away addresses. */
  isDisposable(domain: string): boolean;
}

/**
 * What goes on the log for this signup. Throws `ProblemError`: 409 where the list takes none at `now` (milliseconds),
 * 400 with the fields that are wrong. The same for every address, known or not.
 */
export function judgeSignup(
  stored: StoredWaitlist,
  request: JoinRequest,
  { secret, now, isDisposable }: JudgeOptions,
): DataOf<"WaitlistJoined"> {
  const state = stateOf(stored, now);
  if (state !== "open") throw new ProblemError(REFUSED_BY_STATE[state]);
  const address = parseAddress(request.email);
  const disposable = address !== null && isDisposable(domainOf(address));
  const errors = [
    ...addressErrors(stored, address, disposable),
    ...answerErrors(stored.definition.questions, request.answers),
    ...consentErrors(stored, request),
  ];
  if (!address || errors.length > 0) throw new ProblemError("invalid-request", undefined, { errors });
  const flagged = disposable && stored.definition.disposableAddresses === "flag";
  return { ...joinOf(stored, request, address, secret), ...(flagged ? { disposable: true } : {}) };
}

const domainOf = ({ canonical }: Address) => canonical.slice(canonical.lastIndexOf("@") + 1);

function addressErrors(
  { definition }: StoredWaitlist,
  address: Address | null,
  disposable: boolean,
): FieldError[] {
  if (!address) return [{ path: "/email", message: "is not a mail address that mail can be sent to" }];
  return disposable && definition.disposableAddresses === "refuse"
    ? [{ path: "/email", message: "is a throw-away address; this waitlist asks for one that lasts" }]
    : [];
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
