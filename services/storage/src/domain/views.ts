// Entries as others see them.
import {
  type AdminEntry,
  type EntryStatus,
  type ExplainedEntry,
  type HeldPerson,
  type HeldPlace,
  type People,
  type ReadModelEntry,
  referralCodeOf,
  type StoredEntry,
  type StoredPlace,
  type StoredPlaces,
} from "@waitlist/contracts";
import { type Closing, currentPlace, type Place, type RosterEntry, statusOf } from "@waitlist/roster";
import { toEntryEvent } from "./causes.ts";
import type { Person } from "./person.ts";

export type Entry = RosterEntry<Person>;

/** Places that bring their referrer nothing. */
export const UNCOUNTED: ReadonlySet<EntryStatus> = new Set(["pending", "left"]);

const isoTime = (ms: number) => new Date(ms).toISOString();

/** An entry in the read model: what a status page needs, nothing personal. */
export function toReadModel(entry: Entry): ReadModelEntry {
  const place = currentPlace(entry);
  const status = statusOf(place);
  const invite = status === "invited" ? entry.details?.invite : undefined;
  return {
    lastOffset: String(entry.lastOffset),
    status,
    position: String(place.position),
    joinOffset: String(place.joinOffset),
    joinedAt: isoTime(place.joinedAt),
    // A referral counts once the referred address is known to be somebody's, and for as long as the place is open.
    referredBy: UNCOUNTED.has(status) ? "" : (entry.details?.referredBy ?? ""),
    inviteCode: invite?.code ?? "",
    inviteExpiresAt: invite?.expiresAt ?? "",
  };
}

/** An entry for its status page, where the read model can't answer. */
export function toStoredEntry(entry: Entry, ahead: number, referrals: number): StoredEntry {
  const place = currentPlace(entry);
  const status = statusOf(place);
  const invite = status === "invited" ? entry.details?.invite : undefined;
  return {
    waitlistId: entry.waitlistId,
    entryId: entry.entryId,
    status,
    position: place.position,
    ahead,
    joinedAt: isoTime(place.joinedAt),
    referralCode: referralCodeOf(entry.entryId),
    referrals,
    joinOffset: place.joinOffset,
    ...(invite ? { invite: { code: invite.code, expiresAt: invite.expiresAt } } : {}),
  };
}

/** When the newest invite was closed, under the name of how. */
const closedAt = (closed: Closing | undefined) =>
  closed ? { [`${closed.how}At` as const]: isoTime(closed.at) } : {};

const toUndeliverable = ({ at, cause, status }: NonNullable<Person["undeliverable"]>) => ({
  ...{ at: isoTime(at), cause },
  ...(status === undefined ? {} : { status }),
});

/** An entry as admins see it. */
export function toAdminEntry(entry: Entry, person: Person, referrals: number): AdminEntry {
  const place = currentPlace(entry);
  const { history: _history, consent: _consent, undeliverable, ...known } = person;
  return {
    entryId: entry.entryId,
    waitlistId: entry.waitlistId,
    position: place.position,
    status: statusOf(place),
    ...known,
    ...(undeliverable ? { undeliverable: toUndeliverable(undeliverable) } : {}),
    joinedAt: isoTime(place.joinedAt),
    ...(place.confirmedAt === undefined ? {} : { confirmedAt: isoTime(place.confirmedAt) }),
    ...(place.invite ? { invitedAt: isoTime(place.invite.at) } : {}),
    ...closedAt(place.invite?.closed),
    referralCode: referralCodeOf(entry.entryId),
    referrals,
  };
}

/** An entry read alone: with all that touched it, and why. */
export const toExplainedEntry = (entry: Entry, person: Person, referrals: number): ExplainedEntry => ({
  ...toAdminEntry(entry, person, referrals),
  history: person.history.map((item) => toEntryEvent(item, entry.places)),
});

/** What admins know people by; nobody who was forgotten. */
export const toPeople = (entries: Entry[]): People => ({
  items: entries.flatMap(({ entryId, details }) =>
    details
      ? [{ entryId, email: details.email, ...(details.name === undefined ? {} : { name: details.name }) }]
      : [],
  ),
});

const toStoredPlace = (place: Place): StoredPlace => ({
  joinOffset: place.joinOffset,
  eventId: place.eventId,
  position: place.position,
  status: statusOf(place),
  confirmed: !place.needsConfirmation || place.confirmedOffset !== undefined,
  joinedAt: isoTime(place.joinedAt),
  ...(place.endOffset === undefined ? {} : { endOffset: place.endOffset }),
});

/** Every place of an entry, erased or not; `entry` is null for nobody. */
export const toStoredPlaces = (entry: Entry | null, next: number): StoredPlaces => ({
  places: entry?.places.map(toStoredPlace) ?? [],
  repeatIds: entry?.repeatIds ?? [],
  next,
  erased: entry?.details === null,
});

/** One place of an entry, with the person where it is the newest. */
export function toHeldPlace(entry: Entry | null, joinOffset: number, next: number): HeldPlace {
  const place = entry?.places.find((each) => each.joinOffset === joinOffset);
  if (!entry || !place) return { place: null, next };
  const person = currentPlace(entry) === place ? heldPerson(entry) : null;
  return { place: toStoredPlace(place), next, ...(person ? { person } : {}) };
}

/** All that is held about a person beside the place; not what was done with it, which is the installation's own record. */
function heldPerson(entry: Entry): HeldPerson | null {
  if (!entry.details) return null;
  const { history: _history, invite: _invite, undeliverable, ...person } = entry.details;
  const { confirmedAt } = currentPlace(entry);
  return {
    ...person,
    ...(confirmedAt === undefined ? {} : { confirmedAt: isoTime(confirmedAt) }),
    ...(undeliverable ? { undeliverable: toUndeliverable(undeliverable) } : {}),
  };
}
