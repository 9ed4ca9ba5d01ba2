// Which of several languages a reader gets, and how times are written in it.
import { isLanguageTag, isTimeZone } from "@waitlist/contracts";

/** As BCP 47 compares tags: whatever the case, and `_` is how some programs write `-`. */
export const canonical = (tag: string): string => tag.replaceAll("_", "-").toLowerCase();

const languageOf = (tag: string): string => canonical(tag).split("-", 1)[0] ?? "";

/**
 * The first of the groups' tags that fits a reader: the very tag, then with less and less of it, then any of the same
 * language. At each step an earlier group comes first. Null where none is of the language.
 */
export function bestOf<T>(groups: readonly ReadonlyMap<string, T>[], wanted: string): [string, T] | null {
  const parts = canonical(wanted).split("-");
  for (let length = parts.length; length > 0; length--) {
    const tag = parts.slice(0, length).join("-");
    const found = first(groups, (each) => canonical(each) === tag);
    if (found) return found;
  }
  return first(groups, (each) => languageOf(each) === parts[0]);
}

function first<T>(
  groups: readonly ReadonlyMap<string, T>[],
  fits: (tag: string) => boolean,
): [string, T] | null {
  for (const group of groups) for (const found of group) if (fits(found[0])) return found;
  return null;
}

const RIGHT_TO_LEFT = ["ar", "arc", "ckb", "dv", "fa", "he", "ks", "ps", "sd", "ug", "ur", "yi"];

export const directionOf = (tag: string): "ltr" | "rtl" =>
  RIGHT_TO_LEFT.includes(languageOf(tag)) ? "rtl" : "ltr";

/**
 * By which locale a letter's numbers and times are written: the reader's own where it says more than the language of the
 * text (`en-US` has other dates than `en-GB`), else that of the text.
 */
export function formatsFor(reader: string | undefined, text: { tag: string; formats: string }): string {
  const own = reader === undefined ? "" : reader.replaceAll("_", "-");
  if (!own.includes("-") || languageOf(own) !== languageOf(text.tag)) return text.formats;
  const [, extension = ""] = text.formats.split(/(?=-u-)/);
  return isLanguageTag(own + extension) ? own + extension : text.formats;
}

/** Writes numbers and moments; costly to make, cheap to use. */
export interface Formats {
  number: (value: number) => string;
  /** A moment in the list's time zone with its day, time and zone: Friday 8 May 2026 at 17:00 UTC. */
  moment: (rfc3339: string) => string;
}

export function createFormats(locale: string, timeZone: string): Formats {
  const tag = isLanguageTag(locale) ? locale : "en-GB";
  const moments = new Intl.DateTimeFormat(tag, {
    ...{ weekday: "long", day: "numeric", month: "long", year: "numeric" },
    ...{ hour: "2-digit", minute: "2-digit", timeZoneName: "short" },
    timeZone: isTimeZone(timeZone) ? timeZone : "UTC",
  });
  const numbers = new Intl.NumberFormat(tag);
  return { number: (value) => numbers.format(value), moment: (at) => moments.format(new Date(at)) };
}
