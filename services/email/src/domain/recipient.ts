// What the email service keeps of a person beside the places: where to write to, and when it last said "already".
import {
  currentPlace,
  type Evolve,
  type Place,
  type Remains,
  type RosterEntry,
  type RosterRecord,
} from "@waitlist/roster";
import { isDue, type Notice } from "./notice.ts";

/** `address` as it was typed; null where a join's personal part could not be read: no mail then. */
export interface Recipient {
  address: string | null;
  name?: string;
  locale?: string;
  /** The newest repeat that is answered with a mail: one is enough, since an older one is never sent after it. */
  noticed?: Notice;
}

/** What a letter is written by, beside its mail: as it was typed. */
export type Reader = Pick<Recipient, "name" | "locale">;

export type RecipientEntry = RosterEntry<Recipient>;

/**
 * A new place is written to at the address that this signup gave; nothing else changes it. Which repeats are answered
 * is decided here, by the log alone, and stays in the document: a replay and a second owner read the same answer.
 */
export const evolveRecipient: Evolve<Recipient> = (recipient, record, outcome) => {
  if (record.event.type !== "WaitlistJoined") return recipient;
  if (outcome.kind === "repeated") return repeated(recipient, record);
  if (outcome.kind === "filled" && recipient && recipient.address !== null) return recipient;
  if (outcome.kind !== "placed" && outcome.kind !== "filled") return recipient;
  const kept = recipient?.noticed ? { noticed: recipient.noticed } : {};
  if (record.unreadable) return { address: null, ...kept };
  const { email, name, locale } = record.event.data;
  return {
    address: email,
    ...(name === undefined ? {} : { name }),
    ...(locale === undefined ? {} : { locale }),
    ...kept,
  };
};

/** Without an address nothing is answered, so nothing is noted. */
function repeated(recipient: Recipient | null, { offset, timestamp: at }: RosterRecord): Recipient | null {
  if (!recipient || recipient.address === null || !isDue(recipient.noticed, at)) return recipient;
  return { ...recipient, noticed: { offset, at } };
}

/** Erasing and joining again must not be a way to more mails: when the last notice was stays, and nothing else. */
export const remainsOfRecipient: Remains<Recipient> = (recipient) =>
  recipient?.noticed ? { address: null, noticed: recipient.noticed } : null;

/** The place that joined at an offset, if it is still open. */
export function openPlace(entry: RecipientEntry, joinOffset: number): Place | null {
  const place = currentPlace(entry);
  return place.joinOffset === joinOffset && place.endOffset === undefined ? place : null;
}

/** Where to write to about a place: null where it has ended, or nobody can read the address. */
export const addressFor = (entry: RecipientEntry | undefined, joinOffset: number): string | null =>
  entry && openPlace(entry, joinOffset) ? (entry.details?.address ?? null) : null;

/** By what a letter to them is written; nothing where nothing is known. */
export function readerOf(entry: RecipientEntry | undefined): Reader {
  const { name, locale } = entry?.details ?? {};
  return { ...(name === undefined ? {} : { name }), ...(locale === undefined ? {} : { locale }) };
}
