// The places as somebody would work them out on paper: from the first record to the last, once, with nothing going wrong.
import type { WaitlistEvent } from "@waitlist/contracts";
import type { RosterRecord } from "../../src/entry.ts";

/** How an invite ended, and where that stands on the log. */
export interface ReferenceClosing {
  how: string;
  offset: number;
}

export interface ReferencePlace {
  joinOffset: number;
  position: number;
  endOffset?: number;
  confirmedOffset?: number;
  /** Every invite that it had, in order. */
  invites: { inviteId: string; closed?: ReferenceClosing }[];
}

interface PaperPlace extends ReferencePlace {
  /** By invite: the first closing that named it while the place was open. */
  closings: Map<string, ReferenceClosing>;
}

interface Person {
  places: PaperPlace[];
  seen: Set<string>;
  repeats: string[];
  /** Event id of the newest signup that took a place; null once the person is erased. */
  signup: string | null;
  /** Offsets of the joins that have to be confirmed. */
  unconfirmed: Set<number>;
}

export type Reference = Map<string, { places: ReferencePlace[]; signup: string | null }>;

const isEnded = ({ endOffset }: ReferencePlace) => endOffset !== undefined;

/** `remembered` is how many repeats a person's entry remembers. */
export function referencePlaces(history: RosterRecord[], remembered: number): Reference {
  const people = new Map<string, Person>();
  const given = new Map<string, number>();
  const withdrawn = new Map<string, number>();
  for (const { event, offset } of history) {
    if (event.type === "InviteBatchWithdrawn") {
      const batch = `${event.data.batchId} of ${event.data.waitlistId}`;
      if (!withdrawn.has(batch)) withdrawn.set(batch, offset);
    }
    if (!("entryId" in event.data)) continue;
    const { entryId, waitlistId } = event.data;
    const person = people.get(entryId) ?? {
      places: [],
      seen: new Set(),
      repeats: [],
      signup: null,
      unconfirmed: new Set(),
    };
    if (event.type === "WaitlistJoined") {
      if (person.seen.has(event.id) || person.repeats.includes(event.id)) continue;
      people.set(entryId, person);
      if (person.places.some((place) => !isEnded(place))) {
        person.repeats = [...person.repeats, event.id].slice(-remembered);
        continue;
      }
      const position = (given.get(waitlistId) ?? 0) + 1;
      given.set(waitlistId, position);
      person.seen.add(event.id);
      person.places.push({ joinOffset: offset, position, invites: [], closings: new Map() });
      person.signup = event.id;
      if (event.data.needsConfirmation) person.unconfirmed.add(offset);
      continue;
    }
    const joinOffset = "joinOffset" in event.data ? event.data.joinOffset : -1;
    const place = person.places.find((each) => each.joinOffset === joinOffset);
    if (!place) continue;
    if (!isEnded(place)) {
      if (event.type === "EntryConfirmed" && person.unconfirmed.has(place.joinOffset)) {
        place.confirmedOffset ??= offset;
      }
      takeInvite(place, event, offset, withdrawn);
      if (event.type === "EntryLeft" || event.type === "EntryErased") place.endOffset = offset;
    }
    if (event.type === "EntryErased" && person.places.every(isEnded)) person.signup = null;
  }
  return new Map(
    [...people].map(([id, { places, signup }]) => [
      id,
      { places: places.map(({ closings: _, ...place }) => place), signup },
    ]),
  );
}

const HOW: Record<string, string> = { InviteRedeemed: "redeemed", InviteWithdrawn: "withdrawn" };

function takeInvite(place: PaperPlace, event: WaitlistEvent, offset: number, withdrawn: Map<string, number>) {
  const newest = place.invites.at(-1);
  const { waitlistId } = event.data;
  const batchOf = (inviteId: string) => `b${Number(inviteId.at(-1)) % 2} of ${waitlistId}`;
  /** What closed it up to this record: whichever came first, of what named it and of what named its batch. */
  const closingOf = (inviteId: string): ReferenceClosing | undefined => {
    const withdrawnAt = withdrawn.get(batchOf(inviteId));
    const whole = withdrawnAt === undefined ? [] : [{ how: "withdrawn", offset: withdrawnAt }];
    const own = place.closings.get(inviteId);
    return [...whole, ...(own ? [own] : [])].sort((one, other) => one.offset - other.offset)[0];
  };
  if (event.type === "InviteAllocated") {
    const { inviteId } = event.data;
    const isFree = newest === undefined || newest.closed?.how === "requeued";
    if (!isFree || place.invites.some((invite) => invite.inviteId === inviteId)) return;
    const closed = closingOf(inviteId);
    place.invites.push({ inviteId, ...(closed ? { closed } : {}) });
  } else if (
    event.type === "InviteRedeemed" ||
    event.type === "InviteExpired" ||
    event.type === "InviteWithdrawn"
  ) {
    const { inviteId } = event.data;
    const requeues = event.type === "InviteExpired" && event.data.requeue;
    const how = requeues ? "requeued" : (HOW[event.type] ?? "expired");
    if (!place.closings.has(inviteId)) place.closings.set(inviteId, { how, offset });
    const closed = closingOf(inviteId);
    if (newest?.inviteId === inviteId && closed) newest.closed ??= closed;
  }
}
