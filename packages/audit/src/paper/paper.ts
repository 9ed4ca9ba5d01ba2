// Places and allocations as somebody would work them out on paper, from the log alone: it shares the contracts with
// the services, and nothing else.
import type { EventOf, EventType, WaitlistEvent } from "@waitlist/contracts";
import type { Difference } from "../findings.ts";
import { withdrawBatch } from "./batches.ts";
import { type ClosingEvent, close } from "./closings.ts";
import { isOpen, type LogRecord, newList, type PaperBatch, type PaperList, placeOf } from "./model.ts";
import { confirm, end, join } from "./places.ts";
import { type Batches, createRequests, type PaperOptions } from "./requests.ts";
import { setSchedule } from "./schedules.ts";
import { checkAllocation, checkCompletion, tell } from "./told.ts";

/** What was worked out of one partition's history. */
export interface Paper {
  lists: Map<string, PaperList>;
  batches: Batches;
  /** The sheet of a list; an empty one where nothing is known of it. */
  listOf(waitlistId: string): PaperList;
  /** Takes the next record. */
  take(record: LogRecord): void;
}

export function createPaper(options: PaperOptions): Paper {
  const lists = new Map<string, PaperList>();
  const batches: Batches = new Map();
  const handlers = createHandlers(batches, options);
  function listOf(waitlistId: string): PaperList {
    const list = lists.get(waitlistId) ?? newList(waitlistId);
    lists.set(waitlistId, list);
    return list;
  }
  return {
    lists,
    batches,
    listOf,
    take: (record) => {
      const { event } = record;
      // Each handler takes the events of the type that it stands under.
      const handle = handlers[event.type] as Handler<WaitlistEvent>;
      handle(listOf(event.data.waitlistId), record, event);
    },
  };
}

type Handler<E> = (list: PaperList, record: LogRecord, event: E) => void;
type Handlers = { [T in EventType]: Handler<EventOf<T>> };

function createHandlers(batches: Batches, options: PaperOptions): Handlers {
  const { secret, report } = options;
  const { request, giveOn } = createRequests(batches, options);
  const batchOf = (list: PaperList, batchId: string): PaperBatch | undefined => {
    const batch = batches.get(batchId);
    return batch?.waitlistId === list.waitlistId ? batch : undefined;
  };
  const saying =
    ({ waitlistId }: PaperList) =>
    (about: Omit<Difference, "where" | "waitlistId">) =>
      report({ where: "log", waitlistId, ...about });
  const ended: Handler<EventOf<"EntryLeft" | "EntryErased">> = (list, record, { data }) => {
    const freed = end(list, record.offset, data);
    if (freed) giveOn(list, freed.inviteId, record);
  };
  const closed: Handler<ClosingEvent> = (list, record, event) => {
    const freed = closeOne(list, record.offset, event, batchOf);
    if (freed) giveOn(list, freed, record);
  };

  return {
    WaitlistDefined: define,
    WaitlistJoined: (list, record, { data }) => join(list, record, data),
    EntryConfirmed: (list, { offset }, { data }) => confirm(list, offset, data),
    EntryLeft: ended,
    EntryErased: ended,
    InviteBatchRequested: request,
    InviteScheduleSet: (list, { offset }, { id, data }) => {
      if (isNew(list, id)) setSchedule(list, offset, data);
    },
    InviteBatchWithdrawn: (list, { offset }, { data: { batchId } }) =>
      withdrawBatch(list, batchOf(list, batchId), batchId, offset),
    InviteAllocated: (list, record, { data }) => {
      checkAllocation(batchOf(list, data.batchId), record, data, { secret, report: saying(list) });
      tell(list, record, data);
    },
    InviteBatchCompleted: (list, record, { data }) =>
      checkCompletion(batchOf(list, data.batchId), record, data, saying(list)),
    InviteRedeemed: closed,
    InviteExpired: closed,
    InviteWithdrawn: closed,
    EntryUndeliverable: untouched,
    MailResendRequested: untouched,
  };
}

/** What is about mails gives and takes no place. */
const untouched: Handler<WaitlistEvent> = () => undefined;

/** A definition that `replaces` another than the one in force counts for nothing, and so does one that nobody can read. */
const define: Handler<EventOf<"WaitlistDefined">> = (list, { offset, unreadable }, { id, data }) => {
  const { replaces } = data;
  if (unreadable || !isNew(list, id) || (replaces !== undefined && list.rules?.offset !== replaces)) return;
  const { lifetimeHours, reclaim } = data.definition.invites;
  list.rules = { offset, lifetimeHours, reclaim };
};

function isNew({ settings }: PaperList, eventId: string): boolean {
  if (settings.has(eventId)) return false;
  settings.add(eventId);
  return true;
}

/** Closes an invite in both views of its place; returns its id where that frees the place. */
function closeOne(
  list: PaperList,
  offset: number,
  event: ClosingEvent,
  batchOf: (list: PaperList, batchId: string) => PaperBatch | undefined,
): string | null {
  const { entryId, joinOffset, inviteId } = event.data;
  const place = placeOf(list, entryId, joinOffset);
  if (!place) return null;
  const known = place.decided.given.find((each) => each.inviteId === inviteId);
  if (known && event.type === "InviteWithdrawn") {
    batchOf(list, known.batchId)?.untoldWithdrawals.delete(inviteId);
  }
  if (!isOpen(place)) return null;
  close(list, place, "told", { event, offset });
  const closed = close(list, place, "decided", { event, offset });
  return closed && event.type !== "InviteRedeemed" ? inviteId : null;
}
