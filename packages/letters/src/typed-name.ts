// A name that a signer typed, as far as it may stand in a mail that somebody else may get.

/** In UTF-16 code units: a greeting isn't the place for more. */
const LONGEST = 60;

/** Marks that turn the direction of what follows, and others that can't be seen: they would reach beyond the name. */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Co}\p{Cs}]/gu;

/** What mail programs would make a link of, or a phone number to be called. */
const LINK_LIKE = /[@/\\]|:\S|www\.|[\p{L}\p{N}]\.\p{L}{2,}|\d{5,}/iu;

/** The name in one line, or undefined where there is none that a mail could greet by: it is left out then, as a whole. */
export function greetingName(typed: string | undefined): string | undefined {
  const name = (typed ?? "").replace(UNSEEN, "").replace(/\s+/g, " ").trim();
  if (name === "" || name.length > LONGEST || LINK_LIKE.test(name)) return undefined;
  return name;
}
