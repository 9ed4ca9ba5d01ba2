// What the team's own backend and admins send and get about invites that are out.
import { type Static, Type } from "@sinclair/typebox";
import { EntryId, OpaqueId, WaitlistId } from "../ids.ts";
import { INVITE_STATES } from "../internal.ts";
import { optional } from "../optional-body.ts";
import { lineOf, Timestamp } from "../text.ts";

/** Body of `POST /v1/invites/{code}/redemption`: nothing, or an empty object. */
export const RedemptionRequest = optional(
  Type.Object({}, { additionalProperties: false, title: "RedemptionRequest" }),
);

/** Whose invite was redeemed. */
export const Redemption = Type.Object(
  {
    entryId: EntryId,
    waitlistId: WaitlistId,
    email: Type.Union([Type.String(), Type.Null()], {
      description:
        "The address as it was typed. Null where it can't be read: the signup was unreadable, or the person has left since.",
    }),
    position: Type.Integer({ minimum: 1 }),
    redeemedAt: Timestamp,
  },
  { title: "Redemption" },
);
export type Redemption = Static<typeof Redemption>;

/** Body of both withdrawals; it may be left out. */
export const WithdrawalRequest = optional(
  Type.Object(
    { reason: Type.Optional(lineOf(500)) },
    { additionalProperties: false, title: "WithdrawalRequest" },
  ),
);

const requested = Type.Literal("withdrawal-requested");

export const InviteWithdrawalAccepted = Type.Object(
  {
    inviteId: OpaqueId,
    status: Type.Union(
      [requested, ...INVITE_STATES.filter((state) => state !== "open").map((state) => Type.Literal(state))],
      {
        description: "What closed the invite, where something has by now: then nothing is left to take back.",
      },
    ),
  },
  { title: "InviteWithdrawalAccepted" },
);
export type InviteWithdrawalAccepted = Static<typeof InviteWithdrawalAccepted>;

export const BatchWithdrawalAccepted = Type.Object(
  {
    batchId: OpaqueId,
    status: Type.Union([requested, Type.Literal("withdrawn")], {
      description: "`withdrawn` where it was withdrawn before.",
    }),
  },
  { title: "BatchWithdrawalAccepted" },
);
export type BatchWithdrawalAccepted = Static<typeof BatchWithdrawalAccepted>;
