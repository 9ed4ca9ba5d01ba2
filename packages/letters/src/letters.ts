// Writes letters. What costs (Liquid, Markdown, MJML) is done once for each list, kind, language and shape; a letter is then
// that text with its values between.
import type { MailKind } from "@waitlist/contracts";
import { LRUCache } from "lru-cache";
import { chooseText } from "./choice.ts";
import { type CompiledLetter, compileLetter } from "./compile.ts";
import type { LetterList } from "./list.ts";
import { createFormats, type Formats, formatsFor } from "./locales.ts";
import { join } from "./slots.ts";
import { greetingName } from "./typed-name.ts";
import { htmlValue, textValue } from "./values.ts";
import { type Shape, URL_VALUES, VARIABLES, type ValueName } from "./variables.ts";

/** What one letter says. */
export interface LetterFacts {
  kind: MailKind;
  /** The reader's, as it was given with the signup. */
  locale?: string | undefined;
  /** As it was typed: shown only where it can be a name, and only in mails to who was invited. */
  name?: string | undefined;
  position: number;
  /** Of an `already`: how the place stands. */
  standing?: "pending" | "waiting" | "invited" | undefined;
  /** Of an `expired`: the place waits for another invite. */
  requeued?: boolean | undefined;
  code?: string | undefined;
  /** RFC 3339. */
  expiresAt?: string | undefined;
  /** The addresses that mails of this kind show (`VARIABLES`), and `leaveUrl` in any case. */
  urls: Partial<Record<ValueName, string>> & { leaveUrl: string };
}

/** The same words as text and as HTML. The subject is one line. */
export interface LetterBody {
  subject: string;
  text: string;
  html: string;
}

export interface Letters {
  /** Throws where a value is missing that the text shows. */
  write(list: LetterList, facts: LetterFacts): Promise<LetterBody>;
}

export interface LettersOptions {
  /** How many compiled letters are kept, of some 20 KB each. */
  max?: number;
}

export function createLetters({ max = 1000 }: LettersOptions = {}): Letters {
  const compiled = new LRUCache<string, Promise<CompiledLetter>>({ max });
  const formats = new LRUCache<string, Formats>({ max: 200 });

  function compiledFor(list: LetterList, facts: LetterFacts, shape: Shape): Promise<CompiledLetter> {
    const { tag } = chooseText(list, facts.kind, facts.locale);
    const key = [list.version, facts.kind, tag, ...Object.values(shape)].join(" ");
    const known = compiled.get(key);
    if (known) return known;
    // One that fails is not kept: whatever it was, it isn't known to last.
    const made = compileLetter(list, facts.kind, facts.locale, shape).catch((error: unknown) => {
      compiled.delete(key);
      throw error;
    });
    compiled.set(key, made);
    return made;
  }

  function formatsOf(locale: string, timeZone: string): Formats {
    const key = `${locale} ${timeZone}`;
    const made = formats.get(key) ?? createFormats(locale, timeZone);
    formats.set(key, made);
    return made;
  }

  return {
    write: async (list, facts) => {
      const shape = shapeOf(facts);
      const { subject, text, html, tag, formats: usual } = await compiledFor(list, facts, shape);
      const values = valuesOf(
        facts,
        formatsOf(formatsFor(facts.locale, { tag, formats: usual }), list.timeZone),
      );
      const given = (slot: string): string => {
        const value = values[slot as ValueName];
        if (value === undefined) throw new Error(`a letter of the kind ${facts.kind} without its ${slot}`);
        return value;
      };
      return {
        subject: join(subject, (slot) => textValue(given(slot))),
        text: join(text, (slot) => textValue(given(slot))),
        html: join(html, (slot) => htmlValue(slot, given(slot))),
      };
    },
  };
}

const shapeOf = ({ kind, standing, requeued = false, name }: LetterFacts): Shape => ({
  pending: kind === "already" && standing === "pending",
  invited: kind === "already" && standing === "invited",
  requeued: kind === "expired" && requeued,
  name: VARIABLES[kind].values.includes("name") && greetingName(name) !== undefined,
});

function valuesOf(facts: LetterFacts, { number, moment }: Formats): Partial<Record<ValueName, string>> {
  const { position, code, expiresAt, urls } = facts;
  const name = greetingName(facts.name);
  return {
    position: number(position),
    ...(name === undefined ? {} : { name }),
    ...(code === undefined ? {} : { code }),
    ...(expiresAt === undefined ? {} : { expiresAt: moment(expiresAt) }),
    ...Object.fromEntries(URL_VALUES.flatMap((url) => (urls[url] === undefined ? [] : [[url, urls[url]]]))),
  };
}
