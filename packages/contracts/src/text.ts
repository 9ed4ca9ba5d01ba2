import { Type } from "@sinclair/typebox";

/** Control characters (C0, DEL, C1): no field but a text answer may hold them. */
const NO_CONTROLS = "^[^\\u0000-\\u001f\\u007f-\\u009f]*$";
/** The same, but tabs and line breaks allowed: people write answers in paragraphs. */
const NO_CONTROLS_BUT_BREAKS = "^[^\\u0000-\\u0008\\u000b\\u000c\\u000e-\\u001f\\u007f-\\u009f]*$";

/** One line of text of at most `maxLength` UTF-16 code units, without control characters. */
export const lineOf = (maxLength: number, minLength = 0) =>
  Type.String({ minLength, maxLength, pattern: NO_CONTROLS });

/** Text that may hold tabs and line breaks, of at most `maxLength` UTF-16 code units. */
export const paragraphsOf = (maxLength: number) =>
  Type.String({ maxLength, pattern: NO_CONTROLS_BUT_BREAKS });

/** RFC 3339 in UTC, as `Date.prototype.toISOString` writes it (milliseconds optional). */
export const Timestamp = Type.String({
  pattern: "^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}(\\.\\d{1,9})?Z$",
  maxLength: 32,
});

/** An absolute http or https address without spaces, quotes or angle brackets. */
export const WebUrl = Type.String({ pattern: "^https?://[^\\s\"'<>\\\\]+$", maxLength: 2048 });

/** A BCP 47 language tag, loosely: the mails and pages fall back where they don't know it. */
export const Locale = Type.String({ pattern: "^[A-Za-z]{2,3}([-_][A-Za-z0-9]{2,8}){0,3}$" });
