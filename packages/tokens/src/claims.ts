import { type Static, Type } from "@sinclair/typebox";
import { EntryId, EventId, JoinOffset, Timestamp, WaitlistId } from "@waitlist/contracts";

const DAY_MS = 24 * 60 * 60 * 1000;

/** A token from an answer to a signup lives 90 days, in milliseconds: whoever typed the address may look that long. */
export const TYPED_TOKEN_MS = 90 * DAY_MS;
/** A token from a mail lives one year, in milliseconds: launches are late, and mails are kept. */
export const MAILED_TOKEN_MS = 365 * DAY_MS;

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

export type Claims = StatusClaims | ReceiptClaims;
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
  `${publicUrl.replace(/\/+$/, "")}/v1/entries/${entryId}?token=${token}`;
