import type { Service } from "../findings.ts";
import type { Databases, EntryDocument } from "./documents.ts";

/** Entries looked up by their ids at a time. */
const LOOKED_UP = 500;

/**
 * Every entry of a list, each once; then those among `expected` that haven't come up: an entry that changes while a list
 * is read may be missed there, and its id tells whether it is. Only the latter may be on another list.
 */
export async function* everyEntry(
  databases: Pick<Databases, "entries" | "find">,
  service: Service,
  waitlistId: string,
  expected: Iterable<string>,
): AsyncGenerator<EntryDocument> {
  const seen = new Set<string>();
  for await (const document of databases.entries(service, waitlistId)) {
    if (seen.has(document._id)) continue;
    seen.add(document._id);
    yield document;
  }
  const missed = [...expected].filter((entryId) => !seen.has(entryId));
  for (let at = 0; at < missed.length; at += LOOKED_UP) {
    yield* await databases.find(service, missed.slice(at, at + LOOKED_UP));
  }
}
