import { FormatRegistry, Type } from "@sinclair/typebox";

/**
 * What a text means, for readers of the documents and for programs that make up requests. None is checked by name: the
 * patterns and the gateway's rules judge, with words for people.
 */
const FORMATS = [
  "date-time",
  "idn-email",
  "language-tag",
  "time-zone",
  "cron",
  "web-url",
  "web-origin",
  "invite-url",
] as const;
for (const format of FORMATS) FormatRegistry.Set(format, () => true);
export const meaning = (format: (typeof FORMATS)[number]) => ({ format });

/** Control characters (C0, DEL, C1): no field but a text answer may hold them. */
const NO_CONTROLS = "^[^\\u0000-\\u001f\\u007f-\\u009f]*$";
/** The same, with something in it that isn't white space (as `String.trim` sees it). */
const NOT_BLANK =
  "^[^\\u0000-\\u001f\\u007f-\\u009f]*[^\\u0000-\\u0020\\u007f-\\u00a0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000\\ufeff][^\\u0000-\\u001f\\u007f-\\u009f]*$";
/** The same as the first, but tabs and line breaks allowed: people write answers in paragraphs. */
const NO_CONTROLS_BUT_BREAKS = "^[^\\u0000-\\u0008\\u000b\\u000c\\u000e-\\u001f\\u007f-\\u009f]*$";

/** One line of text of at most `maxLength` UTF-16 code units, without control characters. */
export const lineOf = (maxLength: number, minLength = 0) =>
  Type.String({ minLength, maxLength, pattern: NO_CONTROLS });

/** The same, but not blank. */
export const wordsOf = (maxLength: number) => Type.String({ minLength: 1, maxLength, pattern: NOT_BLANK });

/** Text that may hold tabs and line breaks, of at most `maxLength` UTF-16 code units. */
export const paragraphsOf = (maxLength: number) =>
  Type.String({ maxLength, pattern: NO_CONTROLS_BUT_BREAKS });

/** RFC 3339 in UTC, as `Date.prototype.toISOString` writes it (milliseconds optional). */
export const Timestamp = Type.String({
  pattern: "^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}(\\.\\d{1,9})?Z$",
  maxLength: 32,
  ...meaning("date-time"),
});

/** An absolute http or https address without spaces, quotes or angle brackets. */
export const WebUrl = Type.String({
  pattern: "^https?://[^\\s\"'<>\\\\]+$",
  maxLength: 2048,
  ...meaning("web-url"),
});

/** A mail address, which `a@b.c` is the shortest of; `parseAddress` says which are taken. */
export const MailAddress = Type.String({ ...lineOf(254, 5), ...meaning("idn-email") });

/** A BCP 47 language tag, loosely: the mails and pages fall back where they don't know it. */
export const Locale = Type.String({
  pattern: "^[A-Za-z]{2,3}([-_][A-Za-z0-9]{2,8}){0,3}$",
  ...meaning("language-tag"),
});
