import { type Static, Type } from "@sinclair/typebox";
import { MAIL_KINDS, type MailKind } from "./mails.ts";
import { Locale, lineOf, MailAddress, meaning, paragraphsOf, Timestamp, WebUrl, wordsOf } from "./text.ts";

const closed = { additionalProperties: false };

/** JSON Schema's name for it; nobody awaits a schema. */
const THEN = "then";

export const Question = Type.Object(
  {
    id: Type.String({ pattern: "^[a-z][a-zA-Z0-9_]{0,31}$" }),
    label: wordsOf(300),
    type: Type.Union(
      (["text", "choice", "choices", "number", "boolean"] as const).map((kind) => Type.Literal(kind)),
    ),
    required: Type.Boolean({ default: false }),
    options: Type.Optional(Type.Array(lineOf(200, 1), { minItems: 1, maxItems: 50, uniqueItems: true })),
  },
  {
    ...closed,
    // Options are for the two that choose among them.
    if: { properties: { type: { enum: ["choice", "choices"] } } },
    [THEN]: { required: ["options"] },
    else: { properties: { options: false } },
  },
);
export type Question = Static<typeof Question>;

export const Brand = Type.Object(
  {
    logoUrl: Type.Optional(WebUrl),
    color: Type.Optional(Type.String({ pattern: "^#[0-9a-fA-F]{6}$" })),
    websiteUrl: Type.Optional(WebUrl),
    privacyUrl: Type.Optional(WebUrl),
    postalAddress: Type.Optional(paragraphsOf(500)),
  },
  closed,
);

export const InviteRules = Type.Object(
  {
    urlTemplate: Type.Optional(
      Type.String({
        pattern: "^https?://[^\\s\"'<>\\\\]*\\{code\\}[^\\s\"'<>\\\\]*$",
        maxLength: 2048,
        ...meaning("invite-url"),
      }),
    ),
    lifetimeHours: Type.Integer({ minimum: 1, maximum: 24 * 366, default: 168 }),
    reminderHours: Type.Optional(Type.Integer({ minimum: 1, maximum: 24 * 366 })),
    reclaim: Type.Boolean({ default: false }),
    requeue: Type.Union([Type.Literal("no"), Type.Literal("place")], { default: "no" }),
  },
  { ...closed, default: {} },
);

const Origin = Type.String({
  pattern: "^https?://[^\\s/\"'<>]+$",
  maxLength: 300,
  description: "As browsers send it: scheme, host, and port where it is not the usual one.",
  ...meaning("web-origin"),
});

/** A mail's own text in one language: Liquid with a few variables, the body in Markdown. */
export const MailText = Type.Object({ subject: wordsOf(200), body: paragraphsOf(6000) }, closed);
export type MailText = Static<typeof MailText>;

const textsByLocale = Type.Optional(
  Type.Record(Type.String({ pattern: Locale.pattern ?? "" }), MailText, {
    ...closed,
    maxProperties: 20,
    description: "By language tag; where a reader's is missing, ours is used.",
  }),
);

/** Texts of a list's own, by kind of mail. */
export const Mails = Type.Object(
  Object.fromEntries(MAIL_KINDS.map((kind) => [kind, textsByLocale])) as Record<
    MailKind,
    typeof textsByLocale
  >,
  closed,
);
export type Mails = Static<typeof Mails>;

/** A list as an admin defines it; only `name` must be given, the rest has the defaults shown here. */
export const WaitlistDefinition = Type.Object(
  {
    name: wordsOf(120),
    revealPosition: Type.Union([Type.Literal("by-email"), Type.Literal("on-signup")], {
      default: "by-email",
      description: "Whether the answer to a signup shows the place, or only a mail to the address does.",
    }),
    doubleOptIn: Type.Boolean({ default: false }),
    locale: { ...Locale, default: "en" },
    timeZone: Type.String({
      pattern: "^[A-Za-z0-9_+/-]{1,64}$",
      default: "UTC",
      ...meaning("time-zone"),
    }),
    brand: { ...Brand, default: {} },
    from: Type.Optional(
      Type.Object(
        { name: lineOf(120, 1), address: MailAddress, replyTo: Type.Optional(MailAddress) },
        closed,
      ),
    ),
    questions: Type.Array(Question, { maxItems: 30, default: [] }),
    consent: Type.Optional(Type.Object({ text: paragraphsOf(2000), required: Type.Boolean() }, closed)),
    opensAt: Type.Optional(Timestamp),
    closesAt: Type.Optional(Timestamp),
    capacity: Type.Optional(Type.Integer({ minimum: 1, maximum: 100_000_000 })),
    showCount: Type.Boolean({ default: false }),
    referrals: Type.Boolean({ default: true }),
    allowedOrigins: Type.Array(Origin, { maxItems: 50, default: [] }),
    disposableAddresses: Type.Union([Type.Literal("flag"), Type.Literal("allow"), Type.Literal("refuse")], {
      default: "flag",
    }),
    challenge: Type.Union([Type.Literal("off"), Type.Literal("auto"), Type.Literal("always")], {
      default: "off",
    }),
    eraseAfterDays: Type.Optional(Type.Integer({ minimum: 1, maximum: 3650 })),
    invites: InviteRules,
    mails: Type.Optional(Mails),
  },
  closed,
);
export type WaitlistDefinition = Static<typeof WaitlistDefinition>;
