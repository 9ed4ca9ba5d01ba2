// What admins get and send about mails.
import { type Static, Type } from "@sinclair/typebox";
import { EntryId, MailId, OpaqueId, WaitlistId } from "../ids.ts";
import { MailKindName } from "../mails.ts";
import { optional } from "../optional-body.ts";
import { Timestamp } from "../text.ts";

/**
 * - `queued`: waits for its turn; `claimed`: a sender has taken it up, until its lease runs out;
 * - `sending`: written before the first byte of the message goes out: from here on it may have arrived;
 * - `sent`: the server took it; `failed`: it refused for good, or too often;
 * - `ambiguous`: nobody can tell whether it arrived, so it is never sent again by itself;
 * - `suppressed`: its place ended before it went out, it had nothing to say any more, or its address takes no mail.
 */
export const MAIL_STATES = [
  "queued",
  "claimed",
  "sending",
  "sent",
  "failed",
  "ambiguous",
  "suppressed",
] as const;
export type MailState = (typeof MAIL_STATES)[number];
export const MailStatus = Type.Union(MAIL_STATES.map((state) => Type.Literal(state)));

/** An enhanced status code of a mail server (RFC 3463): whether for good, what it is about, and which detail. */
export const EnhancedCode = Type.String({ pattern: "^[245]\\.\\d{1,3}\\.\\d{1,3}$" });
/** A reply code of a mail server (RFC 5321, 4.2). */
export const ReplyCode = Type.Integer({ minimum: 200, maximum: 599 });

const failure = {
  cause: Type.String({ description: "A short code: ours, or the mail library's." }),
  command: Type.Optional(Type.String({ description: "The SMTP command that it happened at." })),
  replyCode: Type.Optional(ReplyCode),
  enhancedCode: Type.Optional(EnhancedCode),
};

export const ATTEMPT_OUTCOMES = ["accepted", "refused", "unreached", "unanswered", "unwritable"] as const;

/** One attempt to send a mail. A server's words are not kept: they often repeat the address. */
export const MailAttempt = Type.Object({
  at: Timestamp,
  outcome: Type.Union(
    ATTEMPT_OUTCOMES.map((outcome) => Type.Literal(outcome)),
    {
      description:
        "`accepted`: the server took it; `refused`: it said no, for now or for good; `unreached`: nothing went out; " +
        "`unanswered`: it went out, at least in part, and no answer came; `unwritable`: no letter could be made of it.",
    },
  ),
  ...failure,
  cause: Type.Optional(failure.cause),
});

/** A mail as admins see it. */
export const MailView = Type.Object(
  {
    mailId: MailId,
    kind: MailKindName,
    status: MailStatus,
    entryId: EntryId,
    email: Type.Optional(
      Type.String({ description: "Where it goes; not for a place that has ended, or whoever was erased." }),
    ),
    position: Type.Integer({ minimum: 1 }),
    queuedAt: Timestamp,
    dueAt: Type.Optional({ ...Timestamp, description: "Of a mail that waits: not to be sent earlier." }),
    sentAt: Type.Optional({ ...Timestamp, description: "When the server took it." }),
    attempts: Type.Array(MailAttempt, { description: "The newest 20, oldest first." }),
    failure: Type.Optional(
      Type.Object(failure, { description: "Why it has not gone out, or may not have." }),
    ),
    undeliverable: Type.Optional(
      Type.Object(
        { at: Timestamp, cause: Type.String(), status: Type.Optional(EnhancedCode) },
        { description: "By this mail it is known that the address takes none." },
      ),
    ),
    resent: Type.Optional(
      Type.Object(
        { resendId: OpaqueId, at: Timestamp, by: Type.String() },
        { description: "It was queued again, because an admin asked for it: the last time." },
      ),
    ),
  },
  { title: "Mail" },
);
export type MailView = Static<typeof MailView>;

/** Where a page of mails begins: made by the page before. */
const MailCursor = Type.String({
  pattern: "^\\d{15}\\.[A-Za-z0-9:_-]{1,120}$",
  examples: ["001772953241318.invite:i-v3q5yqe2m7xw4c6ztgbav3q5"],
});

/** Query of `GET /v1/waitlists/{id}/mails`. `after` is the `next` of the page before. */
export const MailsQuery = Type.Object(
  {
    status: Type.Optional({ ...MailStatus, examples: ["failed"] }),
    kind: Type.Optional({ ...MailKindName, examples: ["invite"] }),
    entryId: Type.Optional({ ...EntryId, examples: ["wq5jlvv5fwlbvtqzmb3fqsv2gi"] }),
    after: Type.Optional(MailCursor),
    limit: Type.Integer({ minimum: 1, maximum: 1000, default: 100, examples: [50] }),
  },
  { additionalProperties: false },
);
export type MailsQuery = Static<typeof MailsQuery>;

export const MailsPage = Type.Object(
  { items: Type.Array(MailView), next: Type.Union([Type.String(), Type.Null()]) },
  { title: "MailsPage" },
);
export type MailsPage = Static<typeof MailsPage>;

/** Answer to `GET /v1/waitlists/{id}/mail-counts`. */
export const MailCountsView = Type.Object(
  {
    waitlistId: WaitlistId,
    counts: Type.Array(
      Type.Object({ kind: MailKindName, status: MailStatus, count: Type.Integer({ minimum: 1 }) }),
    ),
    undeliverable: Type.Integer({ minimum: 0, description: "Mails that showed that an address takes none." }),
  },
  { title: "MailCounts" },
);
export type MailCountsView = Static<typeof MailCountsView>;

/** What can be sent again all together. */
const Resendable = Type.Union([Type.Literal("failed"), Type.Literal("ambiguous")]);

/** Body of `POST /v1/waitlists/{id}/mails/resend`: all mails of this status, of one kind or of all. */
export const ResendRequest = Type.Object(
  { status: Resendable, kind: Type.Optional(MailKindName) },
  { additionalProperties: false, title: "ResendRequest" },
);
export type ResendRequest = Static<typeof ResendRequest>;

/** Body of `POST /v1/waitlists/{id}/mails/{mailId}/resend`: nothing, or an empty object. */
export const ResendOneRequest = optional(
  Type.Object({}, { additionalProperties: false, title: "ResendOneRequest" }),
);

export const ResendAccepted = Type.Object(
  { resendId: OpaqueId, status: Type.Literal("resend-requested") },
  { title: "ResendAccepted" },
);
export type ResendAccepted = Static<typeof ResendAccepted>;
