// What a place was as of an offset, from paper and from a document alike: what came later is left out on both sides.
import { type EntryDocument, invitesIn, type PlaceInDocument } from "../databases/documents.ts";
import type { Closing, Invites, PaperPlace } from "../paper/model.ts";

export interface InviteAsOf {
  inviteId: string;
  batchId: string;
  offset: number;
  outOfOrder: boolean;
  closed: Pick<Closing, "how" | "offset" | "requeued"> | null;
}

export interface PlaceAsOf {
  joinOffset: number;
  eventId: string;
  position: number;
  needsConfirmation: boolean;
  confirmed: number | null;
  ended: number | null;
  invites: InviteAsOf[];
}

/** An offset below `cut`, or null. */
const until = (cut: number, offset: number | undefined): number | null =>
  offset !== undefined && offset < cut ? offset : null;

/** A place on paper, in one of its two views. */
export function paperAsOf(place: PaperPlace, view: "decided" | "told", cut: number): PlaceAsOf {
  const { joinOffset, eventId, position, needsConfirmation, confirmedOffset, endOffset } = place;
  const { given }: Invites = place[view];
  return {
    ...{ joinOffset, eventId, position, needsConfirmation },
    confirmed: until(cut, confirmedOffset),
    ended: until(cut, endOffset),
    invites: given
      .filter(({ offset }) => offset < cut)
      .map(({ closed, ...invite }) => ({
        ...invite,
        closed: closed && closed.seen < cut ? closingOf(closed) : null,
      })),
  };
}

/** A place in a service's database. */
export function documentAsOf(place: PlaceInDocument, cut: number): PlaceAsOf {
  const { joinOffset, eventId, position, needsConfirmation, confirmedOffset, endOffset } = place;
  return {
    ...{ joinOffset, eventId, position, needsConfirmation },
    confirmed: until(cut, confirmedOffset),
    ended: until(cut, endOffset),
    invites: invitesIn(place)
      .filter(({ offset }) => offset < cut)
      .map(({ inviteId, batchId, offset, outOfOrder, closed }) => ({
        ...{ inviteId, batchId, offset, outOfOrder: outOfOrder === true },
        closed:
          closed && closed.seenOffset < cut
            ? closingOf({ ...closed, requeued: closed.requeued === true })
            : null,
      })),
  };
}

/** The places of a document that were there as of the offset. */
export const placesAsOf = ({ places }: EntryDocument, cut: number): PlaceAsOf[] =>
  places.filter(({ joinOffset }) => joinOffset < cut).map((place) => documentAsOf(place, cut));

const closingOf = ({ how, offset, requeued }: InviteAsOf["closed"] & object) => ({ how, offset, requeued });
