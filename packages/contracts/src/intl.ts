// What the runtime's Intl (ECMA-402) knows: lists name time zones and languages by it.

/** An IANA time zone. */
export const isTimeZone = (timeZone: string): boolean =>
  isKnown(() => new Intl.DateTimeFormat("en", { timeZone }));

/** A BCP 47 language tag, with hyphens. */
export const isLanguageTag = (tag: string): boolean => isKnown(() => Intl.getCanonicalLocales(tag));

/** Intl says no with a RangeError. */
function isKnown(use: () => unknown): boolean {
  try {
    use();
    return true;
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}
