// Places, invites and batches as somebody would work them out on paper: from the first record to the last, once.
import { inviteCodeOf, inviteIdOf, reclaimBatchIdOf, type WaitlistEvent } from "@waitlist/contracts";
import type { RosterRecord } from "@waitlist/roster";
import { createPaperSchedules, type PaperSchedule } from "./schedule-reference.ts";

export const SECRET = "a secret of the tests";
const HOUR_MS = 3_600_000;

export interface PaperInvite {
  inviteId: string;
  batchId: string;
  /** It was given by name. */
  outOfOrder: boolean;
  closed?: { how: string; offset: number };
}

export interface PaperPlace {
  entryId: string;
  joinOffset: number;
  position: number;
  isPending: boolean;
  endOffset?: number;
  /** Every invite that the place had; all but the last put it back into the queue. */
  invites: PaperInvite[];
  /** The first closing of each invite that the place hasn't got yet. */
  early: Map<string, { how: string; offset: number }>;
}

/** What stands on the log of one invite. */
export interface PaperAllocation {
  entryId: string;
  joinOffset: number;
  position: number;
  inviteId: string;
  code: string;
  expiresAt: string;
  outOfOrder: boolean;
}

export interface PaperBatch {
  batchId: string;
  waitlistId: string;
  offset: number;
  count: number;
  /** Whom it could have invited; not of a reclaim, nor where it could do nothing. */
  eligible?: number;
  invited: PaperAllocation[];
  /** Offset of its withdrawal, and the invites that this closed. */
  withdrawn?: { offset: number; inviteIds: string[] };
}

interface PaperList {
  waitlistId: string;
  places: PaperPlace[];
  definition?: { hours: number; reclaim: boolean };
  /** The first withdrawal of each batch, by its id. */
  withdrawn: Map<string, number>;
}

export interface Paper {
  take(record: RosterRecord): void;
  /** Of one list, in order of position. */
  places(waitlistId: string): PaperPlace[];
  batches: Map<string, PaperBatch>;
  /** By list and schedule. */
  schedules: Map<string, PaperSchedule>;
}

const isOpen = ({ endOffset }: PaperPlace) => endOffset === undefined;
/** It has no invite, or one that put it back. */
const waits = ({ invites }: PaperPlace) => invites.length === 0 || invites.at(-1)?.closed?.how === "requeued";
const mayBeInvited = (place: PaperPlace) => isOpen(place) && !place.isPending && waits(place);

const HOW = { InviteRedeemed: "redeemed", InviteExpired: "expired", InviteWithdrawn: "withdrawn" } as const;

export function createPaper(): Paper {
  const lists = new Map<string, PaperList>();
  const batches = new Map<string, PaperBatch>();
  const joins = new Set<string>();
  const definitions = new Set<string>();
  const schedules = createPaperSchedules();
  const listOf = (waitlistId: string): PaperList => {
    const list = lists.get(waitlistId) ?? { waitlistId, places: [], withdrawn: new Map() };
    lists.set(waitlistId, list);
    return list;
  };

  function invite(
    list: PaperList,
    batch: { batchId: string; count: number; offset: number; timestamp: number; outOfOrder?: boolean },
    wanted: (place: PaperPlace) => boolean,
    counts = true,
  ): void {
    const { batchId, count, offset, timestamp, outOfOrder = false } = batch;
    if (batches.has(batchId)) return;
    const isWorked = list.definition !== undefined && !list.withdrawn.has(batchId);
    const chosen = isWorked ? list.places.filter((each) => mayBeInvited(each) && wanted(each)) : [];
    const invited = chosen.slice(0, count).map((place) => {
      const { entryId, joinOffset, position } = place;
      const inviteId = inviteIdOf(SECRET, batchId, entryId, joinOffset);
      const closed = place.early.get(inviteId);
      place.invites.push({ inviteId, batchId, outOfOrder, ...(closed ? { closed } : {}) });
      const expiresAt = new Date(timestamp + (list.definition?.hours ?? 0) * HOUR_MS).toISOString();
      const code = inviteCodeOf(SECRET, inviteId);
      return { entryId, joinOffset, position, inviteId, code, expiresAt, outOfOrder };
    });
    const before = list.withdrawn.get(batchId);
    const withdrawn = before === undefined ? {} : { withdrawn: { offset: before, inviteIds: [] } };
    const eligible = isWorked && counts ? { eligible: chosen.length } : {};
    const known = { batchId, waitlistId: list.waitlistId, offset, count, ...eligible };
    batches.set(batchId, { ...known, invited, ...withdrawn });
  }

  /** The place that an invite leaves goes to the next who had none. */
  function giveOn(list: PaperList, inviteId: string, { offset, timestamp }: RosterRecord): void {
    if (!list.definition?.reclaim) return;
    const batch = { batchId: reclaimBatchIdOf(SECRET, inviteId), count: 1, offset, timestamp };
    invite(list, batch, ({ invites }) => invites.length === 0, false);
  }

  function close(
    list: PaperList,
    record: RosterRecord,
    event: Extract<WaitlistEvent, { type: keyof typeof HOW }>,
  ): void {
    const { entryId, joinOffset, inviteId } = event.data;
    const place = list.places.find((each) => each.entryId === entryId && each.joinOffset === joinOffset);
    if (!place || !isOpen(place)) return;
    const requeues = event.type === "InviteExpired" && event.data.requeue;
    const closing = { how: requeues ? "requeued" : HOW[event.type], offset: record.offset };
    const known = place.invites.find((each) => each.inviteId === inviteId);
    if (!known && !place.early.has(inviteId)) place.early.set(inviteId, closing);
    if (!known || known.closed) return;
    known.closed = closing;
    if (closing.how !== "redeemed") giveOn(list, inviteId, record);
  }

  function end(list: PaperList, record: RosterRecord, joinOffset: number, entryId: string): void {
    const place = list.places.find((each) => each.entryId === entryId && each.joinOffset === joinOffset);
    if (!place || !isOpen(place)) return;
    place.endOffset = record.offset;
    const last = place.invites.at(-1);
    if (last && !last.closed) giveOn(list, last.inviteId, record);
  }

  function withdrawBatch(list: PaperList, batchId: string, offset: number): void {
    if (list.withdrawn.has(batchId)) return;
    list.withdrawn.set(batchId, offset);
    const batch = batches.get(batchId);
    if (batch?.waitlistId !== list.waitlistId) return;
    const open = list.places
      .filter(isOpen)
      .flatMap(({ invites }) => invites.filter((each) => each.batchId === batchId && !each.closed));
    for (const each of open) each.closed = { how: "withdrawn", offset };
    batch.withdrawn = { offset, inviteIds: open.map(({ inviteId }) => inviteId) };
  }

  function take(record: RosterRecord): void {
    const { event, offset, timestamp } = record;
    const list = listOf(event.data.waitlistId);
    switch (event.type) {
      case "WaitlistDefined": {
        if (definitions.has(event.id)) return;
        definitions.add(event.id);
        const { lifetimeHours: hours, reclaim } = event.data.definition.invites;
        list.definition = { hours, reclaim };
        return;
      }
      case "WaitlistJoined": {
        const { entryId, needsConfirmation: isPending } = event.data;
        if (joins.has(event.id)) return;
        joins.add(event.id);
        if (list.places.some((place) => place.entryId === entryId && isOpen(place))) return;
        const place = { entryId, joinOffset: offset, position: list.places.length + 1, isPending };
        list.places.push({ ...place, invites: [], early: new Map() });
        return;
      }
      case "EntryConfirmed": {
        const { entryId, joinOffset } = event.data;
        const named = list.places.find((each) => each.entryId === entryId && each.joinOffset === joinOffset);
        if (named && isOpen(named)) named.isPending = false;
        return;
      }
      case "EntryLeft":
      case "EntryErased":
        end(list, record, event.data.joinOffset, event.data.entryId);
        return;
      case "InviteBatchRequested": {
        const { batchId, count = 0, entryIds } = event.data;
        if (batches.has(batchId) || !schedules.isRun(event.data)) return;
        schedules.ran(event.data);
        const asked = { count: entryIds?.length ?? count, outOfOrder: entryIds !== undefined };
        const batch = { batchId, ...asked, offset, timestamp };
        invite(list, batch, ({ entryId }) => entryIds?.includes(entryId) ?? true);
        return;
      }
      case "InviteScheduleSet":
        schedules.set(event.data, offset, event.id);
        return;
      case "InviteBatchWithdrawn":
        withdrawBatch(list, event.data.batchId, offset);
        return;
      case "InviteRedeemed":
      case "InviteExpired":
      case "InviteWithdrawn":
        close(list, record, event);
    }
  }

  return { take, places: (waitlistId) => listOf(waitlistId).places, batches, schedules: schedules.schedules };
}
