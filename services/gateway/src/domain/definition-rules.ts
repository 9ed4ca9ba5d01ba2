// What a definition must fulfil beyond its schema.
import {
  type FieldError,
  isLanguageTag,
  isTimeZone,
  parseAddress,
  type WaitlistDefinition,
} from "@waitlist/contracts";
import { mailErrors } from "@waitlist/letters";
import { instantOf } from "./instants.ts";

type Rule = (definition: WaitlistDefinition) => FieldError[];

/** Everything that is wrong with a definition whose schema fits, by field. */
export const definitionErrors: Rule = (definition) => RULES.flatMap((rule) => rule(definition));

const unless = (fits: boolean, path: string, message: string): FieldError[] =>
  fits ? [] : [{ path, message }];

const questionsFit: Rule = ({ questions }) =>
  questions.flatMap(({ id }, index) =>
    unless(
      questions.findIndex((other) => other.id === id) === index,
      `/questions/${index}/id`,
      "is used by an earlier question",
    ),
  );

const timesFit: Rule = ({ opensAt, closesAt }) => {
  const opens = opensAt === undefined ? null : instantOf(opensAt);
  const closes = closesAt === undefined ? null : instantOf(closesAt);
  return [
    ...unless(opensAt === undefined || opens !== null, "/opensAt", "is not a date and time"),
    ...unless(closesAt === undefined || closes !== null, "/closesAt", "is not a date and time"),
    ...unless(opens === null || closes === null || opens < closes, "/closesAt", "must be after opensAt"),
  ];
};

const placeFits: Rule = ({ timeZone, locale }) => [
  ...unless(isTimeZone(timeZone), "/timeZone", "is not an IANA time zone"),
  ...unless(isLocale(locale), "/locale", "is not a BCP 47 language tag"),
];

const invitesFit: Rule = ({ invites: { reminderHours, lifetimeHours, urlTemplate } }) => [
  ...unless(
    reminderHours === undefined || reminderHours < lifetimeHours,
    "/invites/reminderHours",
    "must be less than lifetimeHours",
  ),
  ...unless(
    urlTemplate === undefined || URL.canParse(urlTemplate.replaceAll("{code}", "code")),
    "/invites/urlTemplate",
    "is not an address",
  ),
];

const senderFits: Rule = ({ from }) =>
  from === undefined
    ? []
    : [
        ...unless(parseAddress(from.address) !== null, "/from/address", "is not a mail address"),
        ...unless(
          from.replyTo === undefined || parseAddress(from.replyTo) !== null,
          "/from/replyTo",
          "is not a mail address",
        ),
      ];

const addressesFit: Rule = ({ brand, allowedOrigins }) => [
  ...(["logoUrl", "websiteUrl", "privacyUrl"] as const).flatMap((field) =>
    unless(brand[field] === undefined || URL.canParse(brand[field]), `/brand/${field}`, "is not an address"),
  ),
  ...allowedOrigins.flatMap((origin, index) =>
    unless(
      isOrigin(origin),
      `/allowedOrigins/${index}`,
      "is not an origin as browsers send it, like https://example.com",
    ),
  ),
];

/** What is wrong in a list's own texts is refused here: when a mail goes out, nobody would be there to mend it. */
const mailsFit: Rule = ({ mails = {}, brand, invites }) => [
  ...Object.entries(mails).flatMap(([kind, texts]) =>
    Object.keys(texts ?? {}).flatMap((locale) =>
      unless(isLocale(locale), `/mails/${kind}/${locale}`, "is not a BCP 47 language tag"),
    ),
  ),
  ...mailErrors(mails, { brand, invites }),
];

const RULES: Rule[] = [questionsFit, timesFit, placeFits, invitesFit, senderFits, addressesFit, mailsFit];

const isOrigin = (text: string) => URL.canParse(text) && new URL(text).origin === text;

const isLocale = (locale: string) => isLanguageTag(locale.replaceAll("_", "-"));
