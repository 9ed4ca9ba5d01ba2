import type {
  PublicWaitlist,
  StoredWaitlist,
  WaitlistDefinition,
  WaitlistState,
  WaitlistView,
} from "@waitlist/contracts";
import { instantOf } from "./instants.ts";

/** Whether the list takes signups at `now` (milliseconds). `capacity` is soft: the count may be some seconds old. */
export function stateOf({ definition, count }: StoredWaitlist, now: number): WaitlistState {
  const { opensAt, closesAt, capacity } = definition;
  if (opensAt !== undefined && now < (instantOf(opensAt) ?? 0)) return "not-open";
  if (closesAt !== undefined && now >= (instantOf(closesAt) ?? Number.POSITIVE_INFINITY)) return "closed";
  return capacity !== undefined && count >= capacity ? "full" : "open";
}

/** All of a list, for admins. */
export const adminView = ({
  waitlistId,
  definition,
  definedAt,
  definedBy,
}: StoredWaitlist): WaitlistView => ({
  waitlistId,
  definition,
  definedAt,
  ...(definedBy === undefined ? {} : { definedBy }),
});

/** Whether a signup has to bring a solved challenge: always, or while the list is under attack. */
export const asksForChallenge = ({ challenge }: WaitlistDefinition, underAttack: boolean): boolean =>
  challenge === "always" || (challenge === "auto" && underAttack);

/** What anybody may see of a list at `now` (milliseconds). */
export function publicView(
  stored: StoredWaitlist,
  { now, challengeRequired }: { now: number; challengeRequired: boolean },
): PublicWaitlist {
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
    challengeRequired,
    ...(showCount ? { count: stored.count } : {}),
  };
}
