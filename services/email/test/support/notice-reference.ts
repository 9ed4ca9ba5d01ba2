// Which repeats are answered, as somebody would work it out on paper: the history once, nothing going wrong.
import { isAboutAnEntry, type RosterRecord } from "@waitlist/roster";

export const HOUR = 60 * 60 * 1000;

interface Answered {
  entryId: string;
  offset: number;
  at: number;
  /** Asked to confirm, as the place stood. */
  isPending: boolean;
}

interface Person {
  seen: Set<string>;
  open: { joinOffset: number; isUnconfirmed: boolean; isInvited: boolean } | null;
  last: number | null;
}

/** What happened to a place, by offset: nothing is mailed about it any more. */
type Overtaken = { entryId: string; offset: number; what: "ended" | "confirmed" };

function walk(history: RosterRecord[]): { answered: Answered[]; overtaken: Overtaken[] } {
  const people = new Map<string, Person>();
  const answered: Answered[] = [];
  const overtaken: Overtaken[] = [];
  for (const { event, offset, timestamp: at } of history.filter(isAboutAnEntry)) {
    const { entryId } = event.data;
    const person = people.get(entryId) ?? { seen: new Set(), open: null, last: null };
    people.set(entryId, person);
    if (event.type === "WaitlistJoined") {
      if (person.seen.has(event.id)) continue;
      person.seen.add(event.id);
      if (!person.open) {
        person.open = { joinOffset: offset, isUnconfirmed: event.data.needsConfirmation, isInvited: false };
      } else if (person.last === null || at >= person.last + HOUR) {
        person.last = at;
        // Who is invited has other things to do than to confirm.
        const isPending = person.open.isUnconfirmed && !person.open.isInvited;
        answered.push({ entryId, offset, at, isPending });
      }
    } else if (person.open?.joinOffset === event.data.joinOffset) {
      if (event.type === "InviteAllocated") person.open.isInvited = true;
      if (event.type === "EntryConfirmed" && person.open.isUnconfirmed) {
        person.open.isUnconfirmed = false;
        overtaken.push({ entryId, offset, what: "confirmed" });
      }
      if (event.type === "EntryLeft" || event.type === "EntryErased") {
        person.open = null;
        overtaken.push({ entryId, offset, what: "ended" });
      }
    }
  }
  return { answered, overtaken };
}

/**
 * The ids of all notices of a history that is cut into batches: a repeat that is answered, unless the rest of its own
 * batch says better, or is an hour younger.
 */
export function expectedNotices(history: RosterRecord[], cuts: number[]): string[] {
  const { answered, overtaken } = walk(history);
  const isSaid = ({ entryId, offset, at, isPending }: Answered) => {
    const end = cuts.find((cut) => cut > offset) ?? history.length;
    const isLater = (other: { entryId: string; offset: number }) =>
      other.entryId === entryId && other.offset > offset && other.offset < end;
    if (answered.some(isLater)) return false;
    if (overtaken.some((fact) => isLater(fact) && (fact.what === "ended" || isPending))) return false;
    return (history[end - 1]?.timestamp ?? 0) - at < HOUR;
  };
  return answered.filter(isSaid).map(({ entryId, offset }) => `already:${entryId}:${offset}`);
}
