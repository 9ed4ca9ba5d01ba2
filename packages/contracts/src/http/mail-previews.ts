// Looking at a list's mails before anybody gets them.
import { type Static, Type } from "@sinclair/typebox";
import { WaitlistDefinition } from "../definition.ts";
import { MailKindName } from "../mails.ts";
import { Locale, MailAddress } from "../text.ts";

const closed = { additionalProperties: false };

const locale = {
  ...Locale,
  description: "The reader's: the nearest language is taken that there is a text in.",
  examples: ["de-AT"],
};

const standing = Type.Union(
  (["pending", "waiting", "invited"] as const).map((each) => Type.Literal(each)),
  {
    description:
      "Of the mail `already`: how the place stands that was signed up for again; else without a meaning.",
    examples: ["waiting"],
  },
);

const requeued = Type.Boolean({
  description: "Of the mail `expired`: whether the place waits for another invite; else without a meaning.",
  examples: [false],
});

/** Query of `GET /v1/waitlists/{id}/mails/{kind}`. */
export const MailPreviewQuery = Type.Object(
  {
    locale: Type.Optional(locale),
    format: Type.Union([Type.Literal("html"), Type.Literal("text")], { default: "html", examples: ["html"] }),
    standing: Type.Optional(standing),
    requeued: Type.Optional(requeued),
  },
  closed,
);
export type MailPreviewQuery = Static<typeof MailPreviewQuery>;

/** Body of `POST /v1/waitlists/{id}/mails/{kind}/test`. */
export const TestMailRequest = Type.Object(
  {
    to: { ...MailAddress, description: "An address of the admin's own." },
    locale: Type.Optional(locale),
    standing: Type.Optional(standing),
    requeued: Type.Optional(requeued),
  },
  { ...closed, title: "TestMailRequest" },
);
export type TestMailRequest = Static<typeof TestMailRequest>;

/** Answer to the same. */
export const TestMailSent = Type.Object(
  { kind: MailKindName, subject: Type.String(), status: Type.Literal("accepted") },
  { title: "TestMailSent", description: "The mail server took it." },
);
export type TestMailSent = Static<typeof TestMailSent>;

/** `POST /internal/waitlists/{id}/mails/{kind}/test` of email: with the definition whose mail it is, and its offset. */
export const TestMailOrder = Type.Object(
  { ...TestMailRequest.properties, definition: WaitlistDefinition, offset: Type.Integer({ minimum: 0 }) },
  closed,
);
export type TestMailOrder = Static<typeof TestMailOrder>;

/**
 * What became of it. `refused`: the server answered that it won't take it, for good or (`temporary`) for now; `unreached`: not
 * a byte of it went out; `unanswered`: it went out, at least in part.
 */
export const TestMailOutcome = Type.Object({
  outcome: Type.Union(
    (["accepted", "refused", "temporary", "unreached", "unanswered"] as const).map((each) =>
      Type.Literal(each),
    ),
  ),
  subject: Type.String(),
  /** RFC 5321, 4.2. */
  replyCode: Type.Optional(Type.Integer()),
});
export type TestMailOutcome = Static<typeof TestMailOutcome>;

/** The longest that the mail server is waited for, in milliseconds: nothing goes out after that. */
export const TEST_MAIL_WITHIN_MS = 10_000;
/** The largest definition with texts of its own, in bytes of JSON. */
export const DEFINITION_BYTES = 256 * 1024;
