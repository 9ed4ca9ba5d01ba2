// What a mail is, by its subject: for whoever sees no more of it than a mailbox shows.
import type { MailKind } from "@waitlist/contracts";
import { LANGUAGES } from "./languages.ts";
import { expand } from "./liquid.ts";
import { createSlots } from "./slots.ts";
import { shapesOf } from "./variables.ts";

/** How subjects of our own texts of one kind look, in every language and shape. */
function patternsOf(kind: MailKind): RegExp[] {
  return LANGUAGES.flatMap(({ letters }) => {
    const { subject } = letters[kind];
    const slots = createSlots([subject]);
    return shapesOf(kind).map((shape) => {
      const { texts } = slots.split(expand(kind, subject, shape, slots));
      return new RegExp(`^${texts.map((text) => RegExp.escape(text)).join(".+")}$`, "u");
    });
  });
}

/** Tells whether a subject is one of our own of a kind, whatever the language; a list's own words are not known. */
export function createSubjectReader(): (kind: MailKind, subject: string) => boolean {
  const known = new Map<MailKind, RegExp[]>();
  return (kind, subject) => {
    const patterns = known.get(kind) ?? patternsOf(kind);
    known.set(kind, patterns);
    return patterns.some((pattern) => pattern.test(subject));
  };
}
