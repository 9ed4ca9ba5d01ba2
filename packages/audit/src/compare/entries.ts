// Every entry of one list in one service's database, held against the log.
import type { Databases, EntryDocument, PlaceInDocument } from "../databases/documents.ts";
import { invitesIn } from "../databases/documents.ts";
import { everyEntry } from "../databases/every-entry.ts";
import type { Difference, Service } from "../findings.ts";
import type { PaperEntry, PaperList } from "../paper/model.ts";
import { paperAsOf, placesAsOf } from "./as-of.ts";
import { placeDifferences } from "./place.ts";

export interface Comparison {
  list: PaperList;
  service: Service;
  /** What both sides knew before this offset is compared. */
  cut: number;
  databases: Pick<Databases, "entries" | "find" | "batches" | "part" | "codes">;
  secret: string;
  report: (difference: Difference) => void;
}

/** The invite service knows an invite from its request on, the others from its allocation. */
const viewOf = (service: Service) => (service === "invite" ? "decided" : "told");

/** Takes the list's entries one after the other; what it holds on to is their ids. */
export async function compareEntries(comparison: Comparison): Promise<void> {
  const { list, service, databases } = comparison;
  const { waitlistId, entries } = list;
  const missing = new Map([...entries.keys()].map((entryId) => [entryId, "it isn't there"]));
  for await (const document of everyEntry(databases, service, waitlistId, entries.keys())) {
    if (document.waitlistId === waitlistId) {
      missing.delete(document._id);
      compareEntry(comparison, document);
    } else missing.set(document._id, `it is on list ${document.waitlistId} there`);
  }
  for (const [entryId, what] of missing) reportMissing(comparison, entryId, what);
}

function reportMissing({ list, service, cut, report }: Comparison, entryId: string, what: string): void {
  const offset = list.entries.get(entryId)?.places[0]?.joinOffset ?? cut;
  if (offset < cut) report({ where: service, waitlistId: list.waitlistId, entryId, offset, what });
}

function compareEntry({ list, service, cut, report }: Comparison, document: EntryDocument): void {
  const { _id: entryId } = document;
  const about = { where: service, waitlistId: list.waitlistId, entryId };
  const entry: PaperEntry = list.entries.get(entryId) ?? { places: [], repeatIds: [] };
  const right = entry.places
    .filter(({ joinOffset }) => joinOffset < cut)
    .map((place) => paperAsOf(place, viewOf(service), cut));
  const found = placesAsOf(document, cut);
  for (const place of right) {
    const offset = place.joinOffset;
    const same = found.find(({ joinOffset }) => joinOffset === offset);
    const said = same ? placeDifferences(place, same) : ["this place isn't there"];
    for (const what of said) report({ ...about, offset, what });
  }
  for (const { joinOffset: offset, position } of found) {
    if (right.some(({ joinOffset }) => joinOffset === offset)) continue;
    report({ ...about, offset, what: `position ${position}, by the log there is no such place` });
  }
  for (const what of ownDifferences(document)) report({ ...about, what });
}

/** What queries find an entry by must be what its newest place says. */
function ownDifferences({ places, position, status }: EntryDocument): string[] {
  const newest = places.at(-1);
  if (!newest) return ["it has no place at all"];
  const said: string[] = [];
  const offsets = places.map(({ joinOffset }) => joinOffset);
  if (new Set(offsets).size < offsets.length) said.push("one of its places is there twice");
  if (position !== newest.position)
    said.push(`found as position ${position}, its place is ${newest.position}`);
  const right = statusOf(newest);
  if (status !== right) said.push(`found as ${status}, its place is ${right}`);
  return said;
}

function statusOf(place: PlaceInDocument): string {
  if (place.endOffset !== undefined) return "left";
  const invite = invitesIn(place).at(-1);
  if (invite && !invite.closed?.requeued) return invite.closed?.how ?? "invited";
  return place.needsConfirmation && place.confirmedOffset === undefined ? "pending" : "waiting";
}
