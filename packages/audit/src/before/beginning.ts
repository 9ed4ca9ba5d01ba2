// Where retention has removed a partition's beginning: what is known of it from the databases, as of the first record
// that the log still has. Places come from storage's entries, batches from the invite service.
import { documentAsOf } from "../compare/as-of.ts";
import {
  type BatchDocument,
  type ClosingInDocument,
  type Databases,
  type EntryDocument,
  invitesIn,
  type PlaceInDocument,
} from "../databases/documents.ts";
import { everyEntry } from "../databases/every-entry.ts";
import type { Difference } from "../findings.ts";
import type { Chosen, Closing, Invites, PaperBatch, PaperList, PaperPlace } from "../paper/model.ts";
import type { Paper } from "../paper/paper.ts";
import type { Run } from "../paper/schedules.ts";
import { checkBeginning } from "./agreement.ts";

export interface Before {
  paper: Paper;
  waitlistId: string;
  /** Offset of the first record that the log still has. */
  start: number;
  databases: Databases;
  /** Ids of batches that schedules ran from then on, by the invite service's word. */
  knownRuns: Set<string>;
  report: (difference: Difference) => void;
}

export async function takeBeginning(before: Before): Promise<void> {
  const { paper, waitlistId, start, databases } = before;
  const list = paper.listOf(waitlistId);
  const inForce = await databases.definitionBefore(waitlistId, start);
  if (inForce) list.rules = { offset: inForce.offset, ...inForce.definition.invites };
  for (const [batchId, offset] of await databases.withdrawals(waitlistId)) {
    if (offset < start) list.withdrawn.set(batchId, offset);
  }
  await takePlaces(before, list);
  await takeDecided(before, list);
  putInOrder(list);
  for await (const document of databases.batches(waitlistId)) await takeBatch(before, list, document);
  checkBeginning(before, list);
}

async function takePlaces(before: Before, list: PaperList): Promise<void> {
  const { databases } = before;
  for await (const document of everyEntry(databases, "storage", list.waitlistId, [])) {
    takeEntry(before, list, document);
  }
}

function takeEntry({ start }: Before, list: PaperList, document: EntryDocument): void {
  const { _id: entryId, waitlistId, places, repeatIds } = document;
  const known = places.filter(({ joinOffset }) => joinOffset < start);
  if (known.length === 0 || waitlistId !== list.waitlistId) return;
  const own = known.map((place) => placeOf(entryId, place, start));
  list.entries.set(entryId, { places: own, repeatIds });
  list.places.push(...own);
}

function putInOrder({ places }: PaperList): void {
  places.sort((one, other) => one.position - other.position);
  for (const [index, place] of places.entries()) place.index = index;
}

function placeOf(entryId: string, document: PlaceInDocument, start: number): PaperPlace {
  const { confirmed, ended, invites: _, ...place } = documentAsOf(document, start);
  return {
    ...{ entryId, index: 0, ...place },
    ...(confirmed === null ? {} : { confirmedOffset: confirmed }),
    ...(ended === null ? {} : { endOffset: ended }),
    decided: { given: [] },
    told: invitesOf(document, start),
  };
}

function invitesOf(document: PlaceInDocument, start: number): Invites {
  const given = invitesIn(document)
    .filter(({ offset }) => offset < start)
    .map(({ closed, inviteId, batchId, offset, outOfOrder }) => ({
      ...{ inviteId, batchId, offset, outOfOrder: outOfOrder === true },
      ...(closed && closed.seenOffset < start ? { closed: closingOf(closed) } : {}),
    }));
  const remembered = (document.closings ?? []).filter(({ offset }) => offset < start);
  return { given, early: new Map(remembered.map((closed) => [closed.inviteId, closingOf(closed)])) };
}

const closingOf = ({ how, offset, seenOffset, requeued }: ClosingInDocument): Closing => ({
  ...{ how, offset, seen: seenOffset },
  requeued: requeued === true,
});

/** The invites as the requests decided them. */
async function takeDecided(before: Before, list: PaperList): Promise<void> {
  const { start, databases } = before;
  for await (const { _id, places } of everyEntry(databases, "invite", list.waitlistId, list.entries.keys())) {
    // An entry that changed while storage's were read.
    const isMissed = !list.entries.has(_id) && places.some(({ joinOffset }) => joinOffset < start);
    if (isMissed) for (const found of await databases.find("storage", [_id])) takeEntry(before, list, found);
    for (const place of list.entries.get(_id)?.places ?? []) {
      const document = places.find(({ joinOffset }) => joinOffset === place.joinOffset);
      if (document) place.decided = invitesOf(document, start);
    }
  }
}

async function takeBatch(before: Before, list: PaperList, document: BatchDocument): Promise<void> {
  const { paper, start, databases, knownRuns } = before;
  const { _id: batchId, offset, count, run, completed, withdrawn, decision } = document;
  if (offset >= start) {
    if (run) knownRuns.add(batchId);
    return;
  }
  if (run) takeRun(list, { ...run, count });
  const chosen = new Map<string, Chosen>();
  for (let part = 0; ; part += 1) {
    const found = await databases.part(batchId, part);
    if (!found) break;
    for (const place of found) chosen.set(place.inviteId, place);
  }
  const batch: PaperBatch = {
    ...{ batchId, waitlistId: list.waitlistId, offset, count, chosen },
    isNamed: document.named !== undefined,
    expiresAt: decision?.expiresAt ?? 0,
    untold: new Set(),
    untoldWithdrawals: new Set(),
    ...(withdrawn && withdrawn.offset < start ? { withdrawn: withdrawn.offset } : {}),
    ...(completed && completed.offset < start ? { completed: completed.offset } : {}),
  };
  if (batch.completed === undefined) batch.untold = stillUntold(list, batch);
  list.batches.push(batch);
  paper.batches.set(batchId, batch);
}

function takeRun({ runs }: PaperList, { scheduleId, slot, count }: Omit<Run, "scheduleOffset">): void {
  const { asked, lastSlot } = runs.get(scheduleId) ?? { asked: 0, lastSlot: slot };
  runs.set(scheduleId, { asked: asked + count, lastSlot: Math.max(slot, lastSlot) });
}

/** Invites whose allocation must stand on the part of the log that is left: their places are open and haven't got them. */
function stillUntold(list: PaperList, { chosen }: PaperBatch): Set<string> {
  const untold = [...chosen.values()].filter(({ entryId, joinOffset, inviteId }) => {
    const place = list.entries.get(entryId)?.places.find((each) => each.joinOffset === joinOffset);
    return place?.endOffset === undefined && !place?.told.given.some((each) => each.inviteId === inviteId);
  });
  return new Set(untold.map(({ inviteId }) => inviteId));
}
