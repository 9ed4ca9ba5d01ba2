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

const hexOf = (bytes: number) => Type.String({ pattern: `^[0-9a-f]{${bytes * 2}}$` });

/** Answer to `GET …/challenge`, as the ALTCHA widget (version 3) and altcha-lib read it. */
export const Challenge = Type.Object(
  {
    parameters: Type.Object(
      {
        algorithm: Type.Literal("PBKDF2/SHA-256"),
        nonce: hexOf(16),
        salt: hexOf(16),
        cost: Type.Integer({ minimum: 1, description: "Iterations of each derivation." }),
        keyLength: Type.Integer({ minimum: 1, description: "Of a derived key, in bytes." }),
        keyPrefix: Type.String({
          pattern: "^([0-9a-f]{2})+$",
          description:
            "The key of the counter that is sought begins with these bytes. A key is derived from the nonce and, behind " +
            "it, the counter in four bytes, most significant first; counters are tried from 0 on.",
        }),
        keySignature: hexOf(32),
        expiresAt: Type.Integer({ description: "Seconds since 1970; ten minutes from now." }),
        data: Type.Object({ waitlistId: WaitlistId }, { additionalProperties: false }),
      },
      { additionalProperties: false },
    ),
    signature: hexOf(32),
  },
  { title: "Challenge" },
);
export type Challenge = Static<typeof Challenge>;

/**
 * What is read of a signup's `challenge`, which is the challenge as it was given with the counter and its key (in hex), in
 * base64 (RFC 4648, 4). The rest of it was for whoever solved it: the signature fits one key, list and expiry alone.
 */
export const SolvedChallenge = Type.Object({
  challenge: Type.Object({
    parameters: Type.Object({
      expiresAt: Type.Integer(),
      data: Type.Object({ waitlistId: WaitlistId }),
      keySignature: hexOf(32),
    }),
  }),
  solution: Type.Object({ derivedKey: hexOf(32) }),
});
export type SolvedChallenge = Static<typeof SolvedChallenge>;
