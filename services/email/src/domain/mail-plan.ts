// What a stretch of history means for mails, before the ledger is touched.
import type { EntryRecord, Outcome, Place } from "@waitlist/roster";
import { inviteMailId, type Mail, welcomeMailId } from "./mail.ts";
import { addressFor, type RecipientEntry } from "./recipient.ts";

/** A record about an entry, what it did, and the entry as it is stored now: perhaps later than the record. */
export interface Happening {
  record: EntryRecord;
  outcome: Outcome;
  entry: RecipientEntry;
}

/** A mail to be queued; its definition is looked up by the offset of its cause. */
export type PlannedMail = Omit<Mail, "definitionOffset"> & { causeOffset: number };

export interface MailPlan {
  queue: PlannedMail[];
  /** Mails that must not go out any more, if they haven't. */
  cancel: string[];
  /** Mails of which nothing may be kept that shows who got what. */
  forget: string[];
}

export const NOTHING: MailPlan = { queue: [], cancel: [], forget: [] };

export const merge = (plans: MailPlan[]): MailPlan => ({
  queue: plans.flatMap(({ queue }) => queue),
  cancel: plans.flatMap(({ cancel }) => cancel),
  forget: plans.flatMap(({ forget }) => forget),
});

/**
 * The welcome for a place, unless it has ended since: a replay asks again about places long gone, and a departure
 * may stand in the same batch.
 */
export function welcome({ record, entry }: Happening, place: Place): MailPlan {
  if (addressFor(entry, place.joinOffset) === null) return NOTHING;
  const id = welcomeMailId(entry.entryId, place.joinOffset);
  return { ...NOTHING, queue: [{ id, kind: "welcome", ...about(record, entry, place) }] };
}

/** What every mail says of its place and cause. */
export const about = (record: EntryRecord, entry: RecipientEntry, place: Place) => ({
  waitlistId: entry.waitlistId,
  entryId: entry.entryId,
  joinOffset: place.joinOffset,
  position: place.position,
  causedAt: record.timestamp,
  causeOffset: record.offset,
});

/** Every mail that a place may have caused. */
export const mailsOf = (entryId: string, place: Place): string[] => [
  welcomeMailId(entryId, place.joinOffset),
  ...(place.invite ? [inviteMailId(place.invite.inviteId)] : []),
];
