import { Type } from "@sinclair/typebox";
import { EnhancedCode, ReplyCode, ResendRequest } from "../http/mails.ts";
import { EntryId, MailId, OpaqueId, WaitlistId } from "../ids.ts";
import { lineOf } from "../text.ts";
import { JoinOffset } from "./entry-events.ts";
import { defineEvent } from "./envelope.ts";

/** The most mails that one request to send again can name. */
export const MAX_NAMED_MAILS = 100;

/**
 * The address of a place takes no mail, for good: the server refused it, or a delivery report said so. Of a place, the first
 * one counts. It changes nothing of the place itself.
 */
export const EntryUndeliverable = defineEvent(
  "EntryUndeliverable",
  1,
  Type.Object({
    waitlistId: WaitlistId,
    entryId: EntryId,
    joinOffset: JoinOffset,
    /** The mail that showed it. */
    mailId: MailId,
    /** A short code, and never a server's words: those often repeat the address. */
    cause: Type.String({ pattern: "^[A-Za-z0-9_-]{1,40}$" }),
    replyCode: Type.Optional(ReplyCode),
    status: Type.Optional(EnhancedCode),
    source: Type.Union([Type.Literal("smtp"), Type.Literal("report")]),
    /** The name of the admin key that passed the report on. */
    reportedBy: Type.Optional(lineOf(100)),
  }),
  ["waitlistId", "entryId", "joinOffset"],
);

/**
 * An admin asked for mails to be sent again: those named, or all of a status. Which of them are is for the email service to
 * say when it reads this.
 */
export const MailResendRequested = defineEvent(
  "MailResendRequested",
  1,
  Type.Object({
    waitlistId: WaitlistId,
    resendId: OpaqueId,
    mailIds: Type.Optional(Type.Array(MailId, { minItems: 1, maxItems: MAX_NAMED_MAILS, uniqueItems: true })),
    selection: Type.Optional(ResendRequest),
    /** The name of the admin key that asked. */
    requestedBy: lineOf(100),
  }),
  ["waitlistId", "resendId", "mailIds", "selection"],
);
