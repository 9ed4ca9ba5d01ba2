// The fold from a list's history to its places: pure, the same in every service, safe to repeat.
import type { DataOf } from "@waitlist/contracts";
import type { EntryRecord, Place, RosterEntry, RosterRecord } from "./entry.ts";
import { applyFact, tookEffect, type WithdrawnAt } from "./facts.ts";
import { rules as allRules, type Rules } from "./rules.ts";

/**
 * What a record did, read from the entry's document where that has seen the record before: a replay tells a
 * service the same as the first run, so that it can finish what a crash cut off (a mail, a tally).
 */
export type Outcome =
  /** The join took this place. */
  | { kind: "placed"; place: Place }
  /** The join stood on the log before and had this place; now the rest of it can be read. */
  | { kind: "filled"; place: Place }
  /** The fact took effect on this place. */
  | { kind: "changed"; place: Place }
  /** A join while a place was open: no second one. */
  | { kind: "repeated" }
  /** Nothing: a duplicate, a fact about a place that isn't there or has ended, or judged long ago. */
  | { kind: "none" };

/**
 * A service's own part of an entry after a record that changed the entry; pure. A closing that is only remembered, as
 * its invite isn't known yet, comes with the outcome `none`. Never asked about an erasure.
 */
export type Evolve<D> = (details: D | null, record: RosterRecord, outcome: Outcome) => D | null;

/** What a service keeps of its own part when the person is forgotten: nothing that is personal. */
export type Remains<D> = (details: D | null) => D | null;

export interface Step<D> {
  entry: RosterEntry<D> | undefined;
  outcome: Outcome;
  /** The number that the next new place of the list gets. */
  next: number;
}

const NOTHING_WITHDRAWN: WithdrawnAt = () => undefined;

const NONE: Outcome = { kind: "none" };

/**
 * Makes the fold. `evolve` is a service's own part, of which nothing stays after an erasure unless `remains` says so;
 * `rules` are only ever changed by the tests of the guards.
 */
export function createFold<D>(evolve: Evolve<D>, rules: Rules = allRules, remains: Remains<D> = () => null) {
  /**
   * Applies one record. `entry` is the entry's latest state, `next` the number that a new place would get; withdrawn
   * batches matter to facts about invites alone.
   */
  function fold(
    entry: RosterEntry<D> | undefined,
    record: EntryRecord,
    next: number,
    withdrawnAt = NOTHING_WITHDRAWN,
  ): Step<D> {
    const { event } = record;
    if (event.type === "WaitlistJoined") return join(entry, record, event.data, next);
    return fact(entry, record, event.data.joinOffset, next, withdrawnAt);
  }

  function join(
    entry: RosterEntry<D> | undefined,
    record: EntryRecord,
    data: DataOf<"WaitlistJoined">,
    next: number,
  ): Step<D> {
    const own = entry && rules.ownPlace(entry, record.offset);
    if (own) {
      return { entry, outcome: { kind: "placed", place: own }, next: rules.nextAfter(next, own.position) };
    }
    const former = entry && rules.redrivenPlace(entry, record.redriven);
    if (entry && former) return { ...fill(entry, former, record), next };
    if (entry && rules.isSettled(entry, record.offset)) return { entry, outcome: NONE, next };
    if (entry && isDuplicate(entry, record.event.id)) return { entry, outcome: NONE, next };
    if (entry?.places.some(rules.isOpen)) {
      const repeatIds = rules.remember(entry.repeatIds, record.event.id);
      const outcome: Outcome = { kind: "repeated" };
      return { entry: changed({ ...entry, repeatIds }, record, outcome), outcome, next };
    }
    const place = placeOf(record, data, next);
    const outcome: Outcome = { kind: "placed", place };
    const before = entry ?? newEntry<D>(data);
    const placed = changed({ ...before, places: [...before.places, place] }, record, outcome);
    return { entry: placed, outcome, next: next + 1 };
  }

  /** A join that is back on the log keeps the place that it has, and only says who that is; once, and while it is open. */
  function fill(
    entry: RosterEntry<D>,
    place: Place,
    record: EntryRecord,
  ): Pick<Step<D>, "entry" | "outcome"> {
    if (place.filledOffset === record.offset) return { entry, outcome: { kind: "filled", place } };
    if (rules.isSettled(entry, record.offset) || !rules.isFillable(place, record.unreadable)) {
      return { entry, outcome: NONE };
    }
    const filled = { ...place, filledOffset: record.offset };
    const places = entry.places.map((each) => (each === place ? filled : each));
    const outcome: Outcome = { kind: "filled", place: filled };
    return { entry: changed({ ...entry, places }, record, outcome), outcome };
  }

  function isDuplicate(entry: RosterEntry<D>, eventId: string): boolean {
    return rules.isPlacesEvent(entry, eventId) || rules.isRepeatsEvent(entry, eventId);
  }

  function fact(
    entry: RosterEntry<D> | undefined,
    record: EntryRecord,
    joinOffset: number,
    next: number,
    withdrawnAt: WithdrawnAt,
  ): Step<D> {
    const place = entry && rules.placeNamed(entry, joinOffset);
    if (!entry || !place) return { entry, outcome: NONE, next };
    if (rules.isSettled(entry, record.offset)) {
      const outcome: Outcome = tookEffect(place, record) ? { kind: "changed", place } : NONE;
      return { entry, outcome, next };
    }
    const after = applyFact(place, record, rules, withdrawnAt);
    const isErasure = record.event.type === "EntryErased";
    if (!after && !isErasure) return { entry, outcome: NONE, next };
    // What is only remembered for later has not taken effect yet.
    const tookPlace = !after || isErasure || tookEffect(after, record);
    const outcome: Outcome = tookPlace ? { kind: "changed", place: after ?? place } : NONE;
    const places = entry.places.map((each) => (each === place && after ? after : each));
    const touched = changed({ ...entry, places }, record, outcome, !isErasure);
    // The person is forgotten once no place is open: a later one is not what the erasure was about.
    const forgets = isErasure && places.every(({ endOffset }) => endOffset !== undefined);
    const kept = forgets ? { ...touched, details: remains(touched.details) } : touched;
    return { entry: kept, outcome, next };
  }

  function changed(
    entry: RosterEntry<D>,
    record: EntryRecord,
    outcome: Outcome,
    evolves = true,
  ): RosterEntry<D> {
    const details = evolves ? evolve(entry.details, record, outcome) : entry.details;
    return { ...entry, details, lastOffset: record.offset };
  }

  return fold;
}

export type Fold<D> = ReturnType<typeof createFold<D>>;

const newEntry = <D>({ entryId, waitlistId }: DataOf<"WaitlistJoined">): RosterEntry<D> => ({
  entryId,
  waitlistId,
  places: [],
  repeatIds: [],
  lastOffset: -1,
  details: null,
});

const placeOf = (record: EntryRecord, data: DataOf<"WaitlistJoined">, position: number): Place => ({
  joinOffset: record.offset,
  eventId: record.event.id,
  position,
  joinedAt: record.timestamp,
  needsConfirmation: data.needsConfirmation,
  ...(record.redriven ? { redrivenFrom: record.redriven.from } : {}),
});
