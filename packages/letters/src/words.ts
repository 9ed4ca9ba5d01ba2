// What one language says in mails. A file of this shape is all that a language is; a word that is missing doesn't compile.
import type { MailKind } from "@waitlist/contracts";

/** Texts are Liquid with the variables of their kind (`variables.ts`); the body is Markdown beside that. */
export interface LetterText {
  subject: string;
  /** Its paragraphs. One that is a link and nothing else becomes a button, a quotation a card to be read at a glance. */
  body: readonly string[];
  /** Why the reader gets this, for the footer: plain text. */
  reason: string;
}

export interface Words {
  /** BCP 47. */
  tag: string;
  direction: "ltr" | "rtl";
  /** By which locale dates and numbers are written for a reader whose own says no more than the language. */
  formats: string;
  /** Families before the usual ones, for scripts that need them; with a comma after each. */
  fonts: string;
  letters: Record<MailKind, LetterText>;
  /** The page on which one gives the place up. */
  leave: string;
  privacy: string;
  /** Between a link's words and its address, in plain text. */
  colon: string;
}
