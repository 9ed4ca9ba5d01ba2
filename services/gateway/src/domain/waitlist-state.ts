import type { PublicWaitlist, StoredWaitlist, WaitlistState } from "@waitlist/contracts";
import { instantOf } from "./instants.ts";

/** Whether the list takes signups at `now` (milliseconds). `capacity` is soft: the count may be some seconds old. */
export function stateOf({ definition, count }: StoredWaitlist, now: number): WaitlistState {
  const { opensAt, closesAt, capacity } = definition;
  if (opensAt !== undefined && now < (instantOf(opensAt) ?? 0)) return "not-open";
  if (closesAt !== undefined && now >= (instantOf(closesAt) ?? Number.POSITIVE_INFINITY)) return "closed";
  return capacity !== undefined && count >= capacity ? "full" : "open";
}

/** What anybody may see of a list. */
export function publicView(stored: StoredWaitlist, now: number): PublicWaitlist {
  const { name, brand, questions, consent, locale, referrals, doubleOptIn, revealPosition, showCount } =
    stored.definition;
  return {
    waitlistId: stored.waitlistId,
    name,
    brand,
    questions,
    ...(consent ? { consent } : {}),
    locale,
    state: stateOf(stored, now),
    referrals,
    doubleOptIn,
    revealPosition,
    challengeRequired: stored.definition.challenge === "always",
    ...(showCount ? { count: stored.count } : {}),
  };
}
