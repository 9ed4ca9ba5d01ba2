import { type Static, Type } from "@sinclair/typebox";
import { EntryId, EventId, JoinOffset, Timestamp, WaitlistId } from "@waitlist/contracts";

const DAY_MS = 24 * 60 * 60 * 1000;

/** A token from an answer to a signup lives 90 days, in milliseconds: whoever typed the address may look that long. */
export const TYPED_TOKEN_MS = 90 * DAY_MS;
/** A token from a mail lives one year, in milliseconds: launches are late, and mails are kept. */
export const MAILED_TOKEN_MS = 365 * DAY_MS;

/** A confirmation can be made for 60 days, in milliseconds: the place is reserved meanwhile, and mail gets read late. */
export const CONFIRMATION_TOKEN_MS = 60 * DAY_MS;

const Offset = Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER });

/**
 * Lets its bearer look at a place. `typed` proves only that somebody typed the address; `mailed` proves the mailbox.
 * `joinOffset` is the offset of the join that the token was issued for: for a mailed token that of the place, for a
 * typed one that of the signup itself, which may be a repeat. `exp` in seconds since 1970, as RFC 7519 has it.
 */
export const StatusClaims = Type.Object({
  purpose: Type.Literal("status"),
  kind: Type.Union([Type.Literal("typed"), Type.Literal("mailed")]),
  waitlistId: WaitlistId,
  entryId: EntryId,
  joinOffset: JoinOffset,
  exp: Type.Integer({ minimum: 0 }),
});
export type StatusClaims = Static<typeof StatusClaims>;

const PlaceClaims = { waitlistId: WaitlistId, entryId: EntryId, joinOffset: JoinOffset };
const Expiry = Type.Integer({ minimum: 0, description: "seconds since 1970" });

/** Confirms one place: proves that a mail to its address was read. It does nothing else. */
export const ConfirmationClaims = Type.Object({
  purpose: Type.Literal("confirmation"),
  ...PlaceClaims,
  exp: Expiry,
});
export type ConfirmationClaims = Static<typeof ConfirmationClaims>;

/** Gives one place up, by one click in a mail program (RFC 8058) or on the page that a mail leads to. */
export const UnsubscribeClaims = Type.Object({
  purpose: Type.Literal("unsubscribe"),
  ...PlaceClaims,
  exp: Expiry,
});
export type UnsubscribeClaims = Static<typeof UnsubscribeClaims>;

/** Proof that a signup was accepted, and where it stands on the log. It doesn't expire. */
export const ReceiptClaims = Type.Object({
  purpose: Type.Literal("receipt"),
  entryId: EntryId,
  eventId: EventId,
  waitlistId: WaitlistId,
  partition: Type.Integer({ minimum: 0 }),
  offset: Offset,
  acceptedAt: Timestamp,
});
export type ReceiptClaims = Static<typeof ReceiptClaims>;

export type Claims = StatusClaims | ConfirmationClaims | UnsubscribeClaims | ReceiptClaims;
export type Purpose = Claims["purpose"];
export type ClaimsOf<P extends Purpose> = Extract<Claims, { purpose: P }>;

/** A place, as a token names it. */
export interface TokenPlace {
  waitlistId: string;
  entryId: string;
  joinOffset: number;
}

/** For the answer to a signup, accepted `at` (milliseconds). */
export const typedClaims = (place: TokenPlace, at: number): StatusClaims =>
  statusClaims("typed", place, at + TYPED_TOKEN_MS);

/** For a mail. `at` (milliseconds) is the time of the mail's cause, so that making the mail again makes the same token. */
export const mailedClaims = (place: TokenPlace, at: number): StatusClaims =>
  statusClaims("mailed", place, at + MAILED_TOKEN_MS);

/** For the mail that asks for a confirmation; `at` as in `mailedClaims`. */
export const confirmationClaims = (place: TokenPlace, at: number): ConfirmationClaims => ({
  purpose: "confirmation",
  ...onlyPlace(place),
  exp: Math.floor((at + CONFIRMATION_TOKEN_MS) / 1000),
});

/** For every mail; `at` as in `mailedClaims`. */
export const unsubscribeClaims = (place: TokenPlace, at: number): UnsubscribeClaims => ({
  purpose: "unsubscribe",
  ...onlyPlace(place),
  exp: Math.floor((at + MAILED_TOKEN_MS) / 1000),
});

/** Whatever else the caller's object holds doesn't belong into a token. */
const onlyPlace = ({ waitlistId, entryId, joinOffset }: TokenPlace): TokenPlace => ({
  waitlistId,
  entryId,
  joinOffset,
});

const statusClaims = (
  kind: StatusClaims["kind"],
  { waitlistId, entryId, joinOffset }: TokenPlace,
  endMs: number,
): StatusClaims => ({
  purpose: "status",
  kind,
  waitlistId,
  entryId,
  joinOffset,
  exp: Math.floor(endMs / 1000),
});

/** Where the bearer of `token` sees the place. */
export const statusUrlOf = (publicUrl: string, entryId: string, token: string): string =>
  `${baseOf(publicUrl)}/v1/entries/${entryId}?token=${token}`;

/** The page with a button that confirms; looking at it changes nothing. */
export const confirmUrlOf = (publicUrl: string, token: string): string =>
  `${baseOf(publicUrl)}/confirm?token=${token}`;

/** The page with a button that gives the place up; looking at it changes nothing. */
export const leaveUrlOf = (publicUrl: string, token: string): string =>
  `${baseOf(publicUrl)}/leave?token=${token}`;

/** Where a mail program posts its one click (RFC 8058). */
export const unsubscribeUrlOf = (publicUrl: string, token: string): string =>
  `${baseOf(publicUrl)}/v1/unsubscribe/${token}`;

const baseOf = (publicUrl: string): string => publicUrl.replace(/\/+$/, "");
