// What a definition must fulfil beyond its schema.
import { type FieldError, parseAddress, type WaitlistDefinition } from "@waitlist/contracts";
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

const RULES: Rule[] = [questionsFit, timesFit, placeFits, invitesFit, senderFits, addressesFit];

const isOrigin = (text: string) => URL.canParse(text) && new URL(text).origin === text;

const isTimeZone = (timeZone: string) =>
  knownToIntl(() => new Intl.DateTimeFormat("en", { timeZone }).resolvedOptions());

const isLocale = (locale: string) => knownToIntl(() => Intl.getCanonicalLocales(locale.replaceAll("_", "-")));

function knownToIntl(use: () => unknown): boolean {
  try {
    use();
    return true;
  } catch (error) {
    // Intl says no with a RangeError.
    if (error instanceof RangeError) return false;
    throw error;
  }
}
