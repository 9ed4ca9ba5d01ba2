// People who join the list `first`, by number.
import { joined } from "./happenings.ts";

/** A person's entryId. */
export const person = (number: number) =>
  number.toString(2).padStart(26, "a").replaceAll("0", "b").replaceAll("1", "c");
export const join = (offset: number, email: string) => joined(offset, person(offset), { email });
export const joins = (count: number) =>
  Array.from({ length: count }, (_, offset) => join(offset, `p${offset}@example.com`));
