// Dead letters page by page, oldest first. Pure.
import type { DeadLetterStatus } from "@waitlist/contracts";
import type { Letter } from "./dead-letters.ts";

const AT_DIGITS = 15;

/** Where a letter stands in the order of pages: by when it was set aside, then by its name. */
const placeOf = ({ at, id }: Letter): string => `${String(at).padStart(AT_DIGITS, "0")}.${id}`;

/** `after` is the place that ended the page before; what is set aside meanwhile comes at the end. */
export function pageOf(
  letters: Letter[],
  { status, after = "", limit }: { status?: DeadLetterStatus; after?: string; limit: number },
): { items: Letter[]; next: string | null } {
  const wanted = letters
    .filter(({ decided }) => status === undefined || (decided?.status ?? "open") === status)
    .map((letter) => ({ letter, place: placeOf(letter) }))
    .filter(({ place }) => place > after)
    .sort((one, other) => (one.place < other.place ? -1 : 1));
  const page = wanted.slice(0, limit);
  const next = wanted.length > limit ? (page.at(-1)?.place ?? null) : null;
  return { items: page.map(({ letter }) => letter), next };
}
