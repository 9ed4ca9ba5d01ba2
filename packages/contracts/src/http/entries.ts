// What a signup sends and gets, and what a token shows of a place.
import { type Static, Type } from "@sinclair/typebox";
import { Signup } from "../events/entry-events.ts";
import { EntryId, WaitlistId } from "../ids.ts";
import { Timestamp } from "../text.ts";
import { EnhancedCode } from "./mails.ts";

/** Body of `POST /v1/waitlists/{waitlistId}/entries`. The last two judge the request and never stand on the log. */
export const JoinRequest = Type.Object(
  {
    ...Signup,
    challenge: Type.Optional(
      Type.String({
        description:
          "Where the list asks for one: a solved challenge, as the ALTCHA widget makes it. Base64 of the JSON " +
          "`{challenge, solution: {counter, derivedKey}}`. Of a list that asks for none it isn't looked at.",
      }),
    ),
    website: Type.Optional(
      Type.String({
        maxLength: 0,
        description: "A field that people don't see and leave empty; programs that fill in everything don't.",
      }),
    ),
  },
  { additionalProperties: false, title: "JoinRequest" },
);
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

const { email, name, locale, answers, referredBy, source, consent } = Signup;

/** Since when an address takes no mail, and why. */
export const Undeliverable = Type.Object(
  {
    at: Timestamp,
    cause: Type.String({ description: "A short code." }),
    status: Type.Optional({ ...EnhancedCode, description: "As the mail server said it (RFC 3463)." }),
  },
  { description: "The address takes no mail: nothing is sent to it any more, until the next signup." },
);

/** All else that is held about a person; shown only to the token of a mail, which proves the mailbox. */
export const HeldPerson = Type.Object(
  {
    email: Type.Union([email, Type.Null()], { description: "Null where the signup could not be read." }),
    ...{ name, locale, answers, referredBy, source, consent },
    disposable: Type.Optional(Type.Literal(true)),
    confirmedAt: Type.Optional(Timestamp),
    undeliverable: Type.Optional(Undeliverable),
  },
  { title: "HeldPerson" },
);
export type HeldPerson = Static<typeof HeldPerson>;

/** A place as its status page shows it. */
export const PlaceView = Type.Object({
  waitlistId: WaitlistId,
  entryId: EntryId,
  status: EntryStatus,
  position: Position,
  ahead: Ahead,
  joinedAt: Timestamp,
  referralCode: Type.String(),
  referrals: Type.Integer({ minimum: 0 }),
});

export const EntryStatusView = Type.Composite(
  [
    PlaceView,
    Type.Object({
      invite: Type.Optional(Type.Object({ url: Type.String(), expiresAt: Timestamp })),
    }),
    Type.Partial(HeldPerson),
  ],
  { title: "EntryStatusView" },
);
export type EntryStatusView = Static<typeof EntryStatusView>;

/** Body of a confirmation or a departure. */
export const TokenRequest = Type.Object(
  { token: Type.String({ minLength: 1, maxLength: 1024 }) },
  { additionalProperties: false, title: "TokenRequest" },
);
export type TokenRequest = Static<typeof TokenRequest>;

/** What a receipt proves: that this signup stands on the log, and where. */
export const ReceiptView = Type.Object(
  {
    entryId: EntryId,
    eventId: Type.String(),
    waitlistId: WaitlistId,
    partition: Type.Integer({ minimum: 0 }),
    offset: Type.Integer({ minimum: 0 }),
    acceptedAt: Timestamp,
    place: Type.Optional(
      Type.Union(
        [
          Type.Object({
            outcome: Type.Union([Type.Literal("placed"), Type.Literal("repeated")]),
            position: Position,
            joinOffset: Type.Integer({
              minimum: 0,
              description: "Where the signup stands that took the place.",
            }),
            joinedAt: Timestamp,
            ended: Type.Boolean({ description: "The place was given up since." }),
          }),
          Type.Object({
            outcome: Type.Union([Type.Literal("not-stored-yet"), Type.Literal("no-place")], {
              description:
                "`no-place`: the record was passed and no place came of it, because it could not be read.",
            }),
          }),
        ],
        {
          description:
            "Where the signup stands in its list's order; only with an admin key of scope `read`, or the token of a " +
            "mail about this place or a later one. `repeated`: the address had this place already.",
        },
      ),
    ),
  },
  { title: "ReceiptView" },
);
export type ReceiptView = Static<typeof ReceiptView>;
