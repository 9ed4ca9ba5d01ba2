// What a signup sends and gets, and what a token shows of a place.
import { type Static, Type } from "@sinclair/typebox";
import { Signup } from "../events/entry-events.ts";
import { EntryId, WaitlistId } from "../ids.ts";
import { Timestamp } from "../text.ts";

/** Body of `POST /v1/waitlists/{waitlistId}/entries`. */
export const JoinRequest = Type.Object(Signup, { additionalProperties: false, title: "JoinRequest" });
export type JoinRequest = Static<typeof JoinRequest>;

export const ENTRY_STATUSES = [
  "pending",
  "waiting",
  "invited",
  "redeemed",
  "expired",
  "withdrawn",
  "left",
] as const;
export const EntryStatus = Type.Union(ENTRY_STATUSES.map((status) => Type.Literal(status)));
export type EntryStatus = Static<typeof EntryStatus>;

const Position = Type.Integer({ minimum: 1, description: "1 for the first signup; never changes." });
const Ahead = Type.Integer({ minimum: 0, description: "How many before this one may still be invited." });

const accepted = {
  entryId: EntryId,
  acceptedAt: Timestamp,
  statusToken: Type.String({ description: "Proves only that somebody typed this address." }),
  statusUrl: Type.String(),
  receipt: Type.String({ description: "Signed proof of the place on the log." }),
};

/** `202`: the signup is on the log; no more may be said. */
export const JoinAccepted = Type.Object(
  { ...accepted, status: Type.Literal("accepted") },
  { title: "JoinAccepted" },
);
export type JoinAccepted = Static<typeof JoinAccepted>;

/** `201`: with `Prefer: wait`, on a list that reveals positions on signup. */
export const JoinPlaced = Type.Object(
  { ...accepted, status: EntryStatus, position: Position, ahead: Ahead },
  { title: "JoinPlaced" },
);
export type JoinPlaced = Static<typeof JoinPlaced>;

/** What a typed token sees on a `by-email` list. */
export const EntryAccepted = Type.Object(
  { waitlistId: WaitlistId, entryId: EntryId, status: Type.Literal("accepted") },
  { title: "EntryAccepted" },
);
export type EntryAccepted = Static<typeof EntryAccepted>;

export const EntryStatusView = Type.Object(
  {
    waitlistId: WaitlistId,
    entryId: EntryId,
    status: EntryStatus,
    position: Position,
    ahead: Ahead,
    joinedAt: Timestamp,
    referralCode: Type.String(),
    referrals: Type.Integer({ minimum: 0 }),
    invite: Type.Optional(Type.Object({ url: Type.String(), expiresAt: Timestamp })),
  },
  { title: "EntryStatusView" },
);
export type EntryStatusView = Static<typeof EntryStatusView>;
