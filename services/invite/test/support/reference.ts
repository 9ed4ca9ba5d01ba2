// Places and batches as somebody would work them out on paper: from the first record to the last, with nothing going wrong.
import { inviteIdOf, type WaitlistEvent } from "@waitlist/contracts";
import type { RosterRecord } from "@waitlist/roster";

export const SECRET = "a secret of the tests";

export interface PaperPlace {
  entryId: string;
  joinOffset: number;
  position: number;
  isPending: boolean;
  endOffset?: number;
  inviteId?: string;
}

export interface PaperBatch {
  batchId: string;
  waitlistId: string;
  offset: number;
  count: number;
  invited: PaperPlace[];
}

export interface Paper {
  take(record: RosterRecord): void;
  /** Of one list, in order of position. */
  places(waitlistId: string): PaperPlace[];
  batches: Map<string, PaperBatch>;
}

export function createPaper(): Paper {
  const lists = new Map<string, PaperPlace[]>();
  const defined = new Set<string>();
  const joins = new Set<string>();
  const batches = new Map<string, PaperBatch>();
  const places = (waitlistId: string): PaperPlace[] => {
    const known = lists.get(waitlistId) ?? [];
    lists.set(waitlistId, known);
    return known;
  };
  const isOpen = ({ endOffset }: PaperPlace) => endOffset === undefined;

  function join(
    data: { waitlistId: string; entryId: string; needsConfirmation: boolean },
    offset: number,
  ): void {
    const list = places(data.waitlistId);
    if (list.some((place) => place.entryId === data.entryId && isOpen(place))) return;
    const { entryId, needsConfirmation: isPending } = data;
    list.push({ entryId, joinOffset: offset, position: list.length + 1, isPending });
  }

  function invite(data: { waitlistId: string; batchId: string; count: number }, offset: number): void {
    const { waitlistId, batchId, count } = data;
    if (batches.has(batchId)) return;
    const eligible = places(waitlistId).filter(
      (place) => isOpen(place) && !place.isPending && !place.inviteId,
    );
    const invited = defined.has(waitlistId) ? eligible.slice(0, count) : [];
    for (const place of invited)
      place.inviteId = inviteIdOf(SECRET, batchId, place.entryId, place.joinOffset);
    batches.set(batchId, { batchId, waitlistId, offset, count, invited: [...invited] });
  }

  function take({ offset, event }: { offset: number; event: WaitlistEvent }): void {
    const { waitlistId } = event.data;
    if (event.type === "WaitlistDefined") defined.add(waitlistId);
    if (event.type === "InviteBatchRequested") invite(event.data, offset);
    if (event.type === "WaitlistJoined" && !joins.has(event.id)) {
      joins.add(event.id);
      join(event.data, offset);
    }
    if (event.type !== "EntryLeft" && event.type !== "EntryErased" && event.type !== "EntryConfirmed") return;
    const { joinOffset } = event.data;
    const named = places(waitlistId).find((place) => place.joinOffset === joinOffset && isOpen(place));
    if (!named) return;
    if (event.type === "EntryConfirmed") named.isPending = false;
    else named.endOffset = offset;
  }

  return { take, places, batches };
}
