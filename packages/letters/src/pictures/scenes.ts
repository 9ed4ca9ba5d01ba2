// Which letters are drawn: every default text in every language, and what is hard on a layout.
import type { MailKind } from "@waitlist/contracts";
import { LANGUAGES } from "../languages.ts";
import type { LetterFacts } from "../letters.ts";
import { type LetterList, letterList } from "../list.ts";
import { lookOf } from "../look.ts";
import { sampleFacts } from "../sample.ts";

export interface Scene {
  /** The picture's file name begins with it. */
  name: string;
  list: LetterList;
  facts: LetterFacts;
}

const TOKEN = `eyJhbGciOiJIUzI1NiIsImtpZCI6ImsxIn0.${"c2lnbmF0dXJl".repeat(22)}`;
const at = (path: string) => `https://waitlist.example/${path}?token=${TOKEN}`;

export const SAMPLE_URLS = {
  statusUrl: at("v1/entries/wq5jlvv5fwlbvtqzmb3fqsv2gi"),
  confirmUrl: at("confirm"),
  placeUrl: at("confirm"),
  inviteUrl: "https://app.example/join?code=7KQM-X3RD-9WTA",
  leaveUrl: at("leave"),
};

/** A Friday in May. */
const NOW = Date.parse("2026-05-08T17:00:00Z");

const plain: LetterList = {
  ...letterList("socialode", null, null),
  ...{ name: "Socialode", timeZone: "Europe/Berlin", look: lookOf("#20c5c5") },
  privacyUrl: "https://socialode.example/privacy",
  postalAddress: "Socialode GmbH\nLindenallee 12\n10115 Berlin",
};

interface Variant {
  name: string;
  kind: MailKind;
  standing?: LetterFacts["standing"];
  requeued?: true;
}

const VARIANTS: Variant[] = [
  { name: "confirmation", kind: "confirmation" },
  { name: "welcome", kind: "welcome" },
  { name: "already-pending", kind: "already", standing: "pending" },
  { name: "already-waiting", kind: "already", standing: "waiting" },
  { name: "already-invited", kind: "already", standing: "invited" },
  { name: "invite", kind: "invite" },
  { name: "reminder", kind: "reminder" },
  { name: "expired", kind: "expired" },
  { name: "expired-requeued", kind: "expired", requeued: true },
];

const defaults: Scene[] = LANGUAGES.flatMap(({ tag }) =>
  VARIANTS.map(({ name, kind, standing, requeued }) => ({
    name: `${tag}.${name}`,
    list: { ...plain, version: `${tag} ${name}` },
    facts: sampleFacts(kind, { locale: tag, standing, requeued, now: NOW, urls: SAMPLE_URLS }),
  })),
);

const LOGO = `data:image/svg+xml,${encodeURIComponent(
  '<svg xmlns="http://www.w3.org/2000/svg" width="120" height="32"><rect width="120" height="32" rx="8" fill="#e11d48"/>' +
    '<circle cx="16" cy="16" r="8" fill="#fff"/></svg>',
)}`;

const OWN_BODY = `# Welcome, and thank you

You're number **{{ position }}** on the list of *{{ list }}*. Here is what happens next:

1. We invite people in the order in which they signed up.
2. Your invite is valid for a week.
   - Nobody else can use it.
   - You can [look at your place]({{ statusUrl }}) or read [our blog](https://socialode.example/blog) meanwhile.

## A longer story

Some words with \`code\` in them, and a very long address: <https://socialode.example/${"a-long-path/".repeat(9)}end>

---

> Your place
> **{{ position }}**

[See where you stand]({{ statusUrl }})`;

const LONG = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft";

/** Colours that are nearly those of the page, a logo, and texts that are longer than anybody planned for. */
const HARD: [
  name: string,
  kind: MailKind,
  tag: string,
  list: Partial<LetterList>,
  facts: Partial<LetterFacts>,
][] = [
  ["white", "welcome", "en", { look: lookOf("#ffffff") }, {}],
  ["black", "invite", "en", { look: lookOf("#000000"), logoUrl: LOGO }, {}],
  [
    "long",
    "invite",
    "de",
    { name: LONG },
    { name: "Maximiliane-Friederike von der Wolkenstein-Rodenegg", position: 12_345_678 },
  ],
  ["long-word", "reminder", "fr", {}, { name: "A".repeat(60) }],
  ["arabic-name", "invite", "en", {}, { name: "أحمد المصري" }],
  ["latin-name", "invite", "ar", {}, { name: "O'Brien & Söhne (2)" }],
  ["own", "welcome", "en", { mails: { welcome: { en: { subject: "Welcome", body: OWN_BODY } } } }, {}],
  ["own-rtl", "welcome", "ar", { mails: { welcome: { ar: { subject: "Welcome", body: OWN_BODY } } } }, {}],
];

const hard: Scene[] = HARD.map(([name, kind, tag, list, facts]) => ({
  name: `hard.${name}`,
  list: { ...plain, ...list, version: `hard ${name}` },
  facts: { ...sampleFacts(kind, { locale: tag, now: NOW, urls: SAMPLE_URLS }), ...facts },
}));

export const SCENES: readonly Scene[] = [...defaults, ...hard];
