// What anybody may see of a list.
import { type Static, Type } from "@sinclair/typebox";
import { Brand, WaitlistDefinition } from "../definition.ts";
import { WaitlistId } from "../ids.ts";

export const WAITLIST_STATES = ["open", "not-open", "closed", "full"] as const;
export const WaitlistState = Type.Union(WAITLIST_STATES.map((state) => Type.Literal(state)));
export type WaitlistState = Static<typeof WaitlistState>;

const { name, locale, questions, consent, referrals, doubleOptIn, revealPosition } =
  WaitlistDefinition.properties;

/** The public part of a list's definition: what a signup form needs. */
export const PublicWaitlist = Type.Object(
  {
    waitlistId: WaitlistId,
    name,
    brand: Brand,
    questions,
    consent,
    locale,
    state: WaitlistState,
    referrals,
    doubleOptIn,
    revealPosition,
    challengeRequired: Type.Boolean({
      description: "Whether a signup has to bring a solved challenge right now (`GET …/challenge`).",
    }),
    count: Type.Optional(
      Type.Integer({ minimum: 0, description: "Places taken; only where the list shows it." }),
    ),
  },
  { title: "PublicWaitlist" },
);
export type PublicWaitlist = Static<typeof PublicWaitlist>;
