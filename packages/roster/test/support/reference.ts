// The places as somebody would work them out on paper: from the first record to the last, once, with nothing going wrong.
import type { EntryRecord } from "../../src/fold.ts";

export interface ReferencePlace {
  joinOffset: number;
  position: number;
  endOffset?: number;
  confirmedOffset?: number;
  inviteId?: string;
}

interface Person {
  places: ReferencePlace[];
  seen: Set<string>;
  repeats: string[];
  /** Event id of the newest signup that took a place; null once the person is erased. */
  signup: string | null;
  /** Offsets of the joins that have to be confirmed. */
  unconfirmed: Set<number>;
}

export type Reference = Map<string, { places: ReferencePlace[]; signup: string | null }>;

/** `remembered` is how many repeats a person's entry remembers. */
export function referencePlaces(history: EntryRecord[], remembered: number): Reference {
  const people = new Map<string, Person>();
  const given = new Map<string, number>();
  for (const { event, offset } of history) {
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
      if (person.places.some(({ endOffset }) => endOffset === undefined)) {
        person.repeats = [...person.repeats, event.id].slice(-remembered);
        continue;
      }
      const position = (given.get(waitlistId) ?? 0) + 1;
      given.set(waitlistId, position);
      person.seen.add(event.id);
      person.places.push({ joinOffset: offset, position });
      person.signup = event.id;
      if (event.data.needsConfirmation) person.unconfirmed.add(offset);
      continue;
    }
    const place = person.places.find(({ joinOffset }) => joinOffset === event.data.joinOffset);
    if (!place) continue;
    const open = place.endOffset === undefined;
    if (open && event.type === "EntryConfirmed" && person.unconfirmed.has(place.joinOffset)) {
      place.confirmedOffset ??= offset;
    }
    if (open && event.type === "InviteAllocated") place.inviteId ??= event.data.inviteId;
    if (open && (event.type === "EntryLeft" || event.type === "EntryErased")) place.endOffset = offset;
    const gone = person.places.every(({ endOffset }) => endOffset !== undefined);
    if (event.type === "EntryErased" && gone) person.signup = null;
  }
  return new Map([...people].map(([id, { places, signup }]) => [id, { places, signup }]));
}
