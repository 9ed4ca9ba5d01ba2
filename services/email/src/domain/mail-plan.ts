// What a stretch of history means for mails, before the ledger is touched.
import { type EntryRecord, invitesOf, type Outcome, type Place } from "@waitlist/roster";
import {
  alreadyMailId,
  asksForConfirmation,
  confirmationMailId,
  expiredMailId,
  type Mail,
  mailsOfInvite,
  traceIn,
  welcomeMailId,
} from "./mail.ts";
import { standingAt } from "./notice.ts";
import { addressFor, openPlace, type RecipientEntry } from "./recipient.ts";

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
  /** Mails to an address that takes none, and the offset of the record that says so. */
  undeliverable: { ids: string[]; offset: number }[];
}

export const NOTHING: MailPlan = { queue: [], cancel: [], forget: [], undeliverable: [] };

export const merge = (plans: MailPlan[]): MailPlan => ({
  queue: plans.flatMap(({ queue }) => queue),
  cancel: plans.flatMap(({ cancel }) => cancel),
  forget: plans.flatMap(({ forget }) => forget),
  undeliverable: plans.flatMap(({ undeliverable }) => undeliverable),
});

/** A mail about a place, and what its kind needs beside that. */
type AboutPlace = Pick<Mail, "id" | "kind" | "invite" | "standing" | "requeued">;

/**
 * Queues a mail about a place, unless the place has ended since: a replay asks again about places long gone, and a
 * departure may stand in the same batch. Nor is anybody asked to confirm what has been confirmed since.
 */
export function queueFor({ record, entry }: Happening, place: Place, mail: AboutPlace): MailPlan {
  if (addressFor(entry, place.joinOffset) === null) return NOTHING;
  const isConfirmed = openPlace(entry, place.joinOffset)?.confirmedOffset !== undefined;
  if (isConfirmed && asksForConfirmation(mail)) return NOTHING;
  return { ...NOTHING, queue: [{ ...mail, ...about(record, entry, place) }] };
}

export const welcome = (happening: Happening, place: Place): MailPlan =>
  queueFor(happening, place, {
    id: welcomeMailId(happening.entry.entryId, place.joinOffset),
    kind: "welcome",
  });

/** What every mail says of its place and cause. */
const about = (record: EntryRecord, entry: RecipientEntry, place: Place) => ({
  waitlistId: entry.waitlistId,
  entryId: entry.entryId,
  joinOffset: place.joinOffset,
  position: place.position,
  causedAt: record.timestamp,
  causeOffset: record.offset,
  ...traceIn(record.headers),
});

/** The offset of the repeat that was last answered, if it was one of this place's signup. */
function noticeOf({ details }: RecipientEntry, place: Place): number[] {
  const offset = details?.noticed?.offset ?? -1;
  return offset > place.joinOffset && offset < (place.endOffset ?? Number.POSITIVE_INFINITY) ? [offset] : [];
}

/** Mails that ask for the confirmation of a place, those before it was given. */
export const confirmationsOf = (entry: RecipientEntry, place: Place): string[] => [
  confirmationMailId(entry.entryId, place.joinOffset),
  ...noticeOf(entry, place)
    .filter((offset) => standingAt(place, offset) === "pending")
    .map((offset) => alreadyMailId(entry.entryId, offset)),
];

/**
 * Every mail that a place may have caused and that may still wait: of its notices only the newest is ever sent. An invite
 * that is closed may have left a mail that tells so, and one that went out with its code.
 */
export const mailsOf = (entry: RecipientEntry, place: Place): string[] => [
  ...(place.needsConfirmation ? [confirmationMailId(entry.entryId, place.joinOffset)] : []),
  welcomeMailId(entry.entryId, place.joinOffset),
  ...noticeOf(entry, place).map((offset) => alreadyMailId(entry.entryId, offset)),
  ...invitesOf(place).flatMap(({ inviteId, closed }) => [
    ...mailsOfInvite(inviteId),
    ...(closed?.how === "expired" ? [expiredMailId(inviteId)] : []),
  ]),
];
