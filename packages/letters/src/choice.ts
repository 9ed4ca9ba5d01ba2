// Which text a letter has: an admin's or ours, in the language that is nearest to the reader's.
import type { MailKind } from "@waitlist/contracts";
import { LANGUAGES } from "./languages.ts";
import type { LetterList } from "./list.ts";
import { bestOf, directionOf } from "./locales.ts";
import type { LetterText, Words } from "./words.ts";

export interface ChosenText {
  /** BCP 47: the language of the text. */
  tag: string;
  subject: string;
  /** Liquid and Markdown. */
  body: string;
  /** What the frame says round it: in the same language where we have that. */
  words: Pick<Words, "leave" | "privacy" | "colon" | "fonts" | "direction"> & { reason: string };
  formats: string;
  isOwn: boolean;
}

const OURS = new Map(LANGUAGES.map((words) => [words.tag, words]));
const [LAST] = LANGUAGES;

/**
 * The reader's locale comes first, then the list's, then English: for each the very tag, then the language. A list's own
 * text goes before ours of the same tag. `withOwn`: whether the list's own texts count at all.
 */
export function chooseText(
  list: Pick<LetterList, "locale" | "mails">,
  kind: MailKind,
  locale: string | undefined,
  withOwn = true,
): ChosenText {
  const own = new Map(withOwn ? Object.entries(list.mails[kind] ?? {}) : []);
  const groups: ReadonlyMap<string, { subject: string; body: string } | Words>[] = [own, OURS];
  for (const wanted of [locale, list.locale]) {
    const found = wanted === undefined ? null : bestOf(groups, wanted);
    if (found) return chosen(found, kind, list.locale);
  }
  return chosen(bestOf(groups, LAST.tag) ?? [LAST.tag, LAST], kind, list.locale);
}

function chosen(
  [tag, text]: [string, { subject: string; body: string } | Words],
  kind: MailKind,
  listLocale: string,
): ChosenText {
  if ("letters" in text) return ours(text, kind);
  const [, words] = bestOf([OURS], tag) ?? bestOf([OURS], listLocale) ?? [LAST.tag, LAST];
  const isSame = bestOf([OURS], tag) !== null;
  const frame = isSame ? words : { ...words, direction: directionOf(tag), fonts: "", formats: tag };
  return { ...ours(frame, kind), tag, subject: text.subject, body: text.body, isOwn: true };
}

function ours(words: Words, kind: MailKind): ChosenText {
  const { tag, formats, leave, privacy, colon, fonts, direction } = words;
  const { subject, body, reason }: LetterText = words.letters[kind];
  return {
    ...{ tag, formats, subject, body: body.join("\n\n") },
    words: { leave, privacy, colon, fonts, direction, reason },
    isOwn: false,
  };
}
