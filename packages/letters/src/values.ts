// How a value goes into a text. What is put in is never read as markup again.
import { escapeHtml } from "@waitlist/markup";

/** On one line, whatever it was; spaces that keep words together stay. */
export const textValue = (value: string): string => value.replace(/[ \p{Cc}\p{Zl}\p{Zp}]+/gu, " ").trim();

/** Names and codes keep their own direction, and a code its one line. */
export function htmlValue(slot: string, value: string): string {
  const escaped = escapeHtml(textValue(value));
  if (slot === "name") return `<bdi>${escaped}</bdi>`;
  return slot === "code" ? `<bdi style="white-space:nowrap;">${escaped}</bdi>` : escaped;
}
