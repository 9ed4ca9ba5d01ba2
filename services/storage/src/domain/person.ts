// What storage keeps of a person beside the places, and how a record changes it.
import type { Answers, DataOf } from "@waitlist/contracts";
import type { Evolve, Outcome, RosterRecord } from "@waitlist/roster";

/** One event that touched an entry: which, when, where on the log, and whether it was only a repeat. */
export interface HistoryItem {
  type: string;
  at: number;
  offset: number;
  eventId: string;
  repeated?: true;
}

export interface Invite {
  inviteId: string;
  batchId: string;
  code: string;
  expiresAt: string;
}

/** A person's record. `email` is null where a join's personal part could not be read. */
export interface Person {
  email: string | null;
  name?: string;
  locale?: string;
  answers?: Answers;
  referredBy?: string;
  source?: string;
  consent?: boolean;
  /** The address is of a throw-away domain, on a list that flags those. */
  disposable?: true;
  /** The newest one; what became of it stands in its place. */
  invite?: Invite;
  history: HistoryItem[];
}

/** The newest items kept of an entry's history: repeats must not fill a document. */
const HISTORY_ITEMS = 200;

/** A new place starts from what this signup said; later facts add to it. */
export const evolvePerson: Evolve<Person> = (person, record, outcome) => {
  const history = [...(person?.history ?? []), historyItem(record, outcome)].slice(-HISTORY_ITEMS);
  const { event, unreadable } = record;
  if (event.type === "WaitlistJoined" && outcome.kind === "placed") {
    return { ...(unreadable ? { email: null } : signup(event.data)), history };
  }
  if (!person) return person;
  if (event.type === "InviteAllocated" && !unreadable) {
    const { inviteId, batchId, code, expiresAt } = event.data;
    return { ...person, invite: { inviteId, batchId, code, expiresAt }, history };
  }
  return { ...person, history };
};

function historyItem({ event, offset, timestamp }: RosterRecord, outcome: Outcome): HistoryItem {
  const item = { type: event.type, at: timestamp, offset, eventId: event.id };
  return outcome.kind === "repeated" ? { ...item, repeated: true } : item;
}

/** The personal part of a join; only known fields, whatever else the record holds. */
function signup(data: DataOf<"WaitlistJoined">): Omit<Person, "history"> {
  const { email, name, locale, answers, referredBy, source, consent, disposable } = data;
  return {
    email,
    ...(name === undefined ? {} : { name }),
    ...(locale === undefined ? {} : { locale }),
    ...(answers === undefined ? {} : { answers }),
    ...(referredBy === undefined ? {} : { referredBy }),
    ...(source === undefined ? {} : { source }),
    ...(consent === undefined ? {} : { consent }),
    ...(disposable ? { disposable } : {}),
  };
}
