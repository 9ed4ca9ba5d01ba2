// What storage keeps of a person beside the places, and how a record changes it.
import type { Answers, DataOf, WaitlistEvent } from "@waitlist/contracts";
import type { Evolve, Outcome, RosterRecord } from "@waitlist/roster";

/** One event that touched an entry: which, when, where on the log, and whether it was only a repeat. */
export interface HistoryItem {
  type: string;
  at: number;
  offset: number;
  eventId: string;
  repeated?: true;
  /** The name of the key of who asked for it; none where nobody did, or before this was kept. */
  by?: string;
  /** Why an invite was taken back, or an address takes no mail, as far as that was said. */
  reason?: string;
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
  /** The address takes no mail: since when, where that stands on the log, and why. */
  undeliverable?: { at: number; offset: number; cause: string; status?: string };
  /** The newest one; what became of it stands in its place. */
  invite?: Invite;
  history: HistoryItem[];
}

/** How many items are kept of an entry's history. */
const HISTORY_ITEMS = 200;

/**
 * Repeats must not fill a document, nor drive out what explains the place: of too many the oldest goes first. Where there are
 * none, it is the oldest of what happened to places; how each of them was taken stays.
 */
function within(history: HistoryItem[]): HistoryItem[] {
  if (history.length <= HISTORY_ITEMS) return history;
  const repeat = history.findIndex(({ repeated }) => repeated);
  const out = repeat >= 0 ? repeat : history.findIndex(({ type }) => type !== "WaitlistJoined");
  // Somebody who joined and left hundreds of times: then it is the oldest place of all.
  return history.toSpliced(Math.max(0, out), 1);
}

/** A new place starts from what this signup said; later facts add to it. */
export const evolvePerson: Evolve<Person> = (person, record, outcome) => {
  const history = within([...(person?.history ?? []), historyItem(record, outcome)]);
  const { event, unreadable } = record;
  if (event.type === "WaitlistJoined" && outcome.kind === "placed") {
    return { ...(unreadable ? { email: null } : signup(event.data)), history };
  }
  if (!person) return person;
  if (event.type === "WaitlistJoined" && outcome.kind === "filled") {
    // Whoever could read the join at first knows the same already.
    return person.email === null ? { ...person, ...signup(event.data), history } : { ...person, history };
  }
  if (event.type === "InviteAllocated" && !unreadable) {
    const { inviteId, batchId, code, expiresAt } = event.data;
    return { ...person, invite: { inviteId, batchId, code, expiresAt }, history };
  }
  if (event.type === "EntryUndeliverable") {
    return { ...person, undeliverable: undeliverable(record, unreadable ? {} : event.data), history };
  }
  return { ...person, history };
};

/** Of what could not be read, only that it is so. */
function undeliverable(
  { timestamp: at, offset }: RosterRecord,
  { cause = "unknown", status }: { cause?: string; status?: string },
): NonNullable<Person["undeliverable"]> {
  return { at, offset, cause, ...(status === undefined ? {} : { status }) };
}

function historyItem(record: RosterRecord, outcome: Outcome): HistoryItem {
  const { event, offset, timestamp, unreadable } = record;
  const said = unreadable === undefined ? saidBy(event, record.redriven?.by) : {};
  const item = { type: event.type, at: timestamp, offset, eventId: event.id, ...said };
  return outcome.kind === "repeated" ? { ...item, repeated: true } : item;
}

/** Who asked for it, and why. */
function saidBy(event: WaitlistEvent, redrivenBy: string | undefined): Pick<HistoryItem, "by" | "reason"> {
  switch (event.type) {
    case "WaitlistJoined":
      return named(redrivenBy);
    case "InviteAllocated":
      return named(event.data.requestedBy);
    case "InviteRedeemed":
      return named(event.data.redeemedBy);
    case "InviteWithdrawn": {
      const { requestedBy, reason } = event.data;
      return { ...named(requestedBy), ...(reason ? { reason } : {}) };
    }
    case "EntryUndeliverable":
      return { ...named(event.data.reportedBy), reason: event.data.status ?? event.data.cause };
    default:
      return {};
  }
}

/** What couldn't be read of a request has an empty name for who asked. */
const named = (by: string | undefined) => (by ? { by } : {});

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
