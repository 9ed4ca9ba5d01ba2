// Entries as others see them.
import {
  type AdminEntry,
  type EntryStatus,
  type HeldPerson,
  type ReadModelEntry,
  referralCodeOf,
  type StoredEntry,
  type StoredPlaces,
} from "@waitlist/contracts";
import { type Closing, currentPlace, type RosterEntry, statusOf } from "@waitlist/roster";
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

/** An entry as admins see it. */
export function toAdminEntry(entry: Entry, person: Person, referrals: number): AdminEntry {
  const place = currentPlace(entry);
  const { history: _history, consent: _consent, ...known } = person;
  return {
    entryId: entry.entryId,
    waitlistId: entry.waitlistId,
    position: place.position,
    status: statusOf(place),
    ...known,
    joinedAt: isoTime(place.joinedAt),
    ...(place.confirmedAt === undefined ? {} : { confirmedAt: isoTime(place.confirmedAt) }),
    ...(place.invite ? { invitedAt: isoTime(place.invite.at) } : {}),
    ...closedAt(place.invite?.closed),
    referralCode: referralCodeOf(entry.entryId),
    referrals,
  };
}

/** Every place of an entry, erased or not. */
export const toStoredPlaces = (entry: Entry): StoredPlaces => ({
  waitlistId: entry.waitlistId,
  entryId: entry.entryId,
  places: entry.places.map(({ joinOffset, eventId, position, endOffset }) => ({
    ...{ joinOffset, eventId, position },
    ...(endOffset === undefined ? {} : { endOffset }),
  })),
  repeatIds: entry.repeatIds,
  lastOffset: entry.lastOffset,
  erased: entry.details === null,
});

/** The entry as it was while `joinOffset` was its newest place; null where it never had that one. */
export function asOfPlace(entry: Entry, joinOffset: number): Entry | null {
  const last = entry.places.findIndex((place) => place.joinOffset === joinOffset);
  return last < 0 ? null : { ...entry, places: entry.places.slice(0, last + 1) };
}

/** All that is held about a person beside the place. */
export function toHeldPerson(entry: Entry): HeldPerson | null {
  if (!entry.details) return null;
  const { history: _history, invite: _invite, ...person } = entry.details;
  const { confirmedAt } = currentPlace(entry);
  return { ...person, ...(confirmedAt === undefined ? {} : { confirmedAt: isoTime(confirmedAt) }) };
}
