// What the email service keeps of a person beside the places: where to write to.
import { currentPlace, type Evolve, type Place, type RosterEntry } from "@waitlist/roster";

/** `address` as it was typed; null where a join's personal part could not be read: no mail then. */
export interface Recipient {
  address: string | null;
  name?: string;
  locale?: string;
}

export type RecipientEntry = RosterEntry<Recipient>;

/** A new place is written to at the address that this signup gave; nothing else changes it. */
export const evolveRecipient: Evolve<Recipient> = (recipient, { event, unreadable }, outcome) => {
  if (event.type !== "WaitlistJoined" || outcome.kind !== "placed") return recipient;
  if (unreadable) return { address: null };
  const { email, name, locale } = event.data;
  return {
    address: email,
    ...(name === undefined ? {} : { name }),
    ...(locale === undefined ? {} : { locale }),
  };
};

/** The place that joined at an offset, if it is still open. */
export function openPlace(entry: RecipientEntry, joinOffset: number): Place | null {
  const place = currentPlace(entry);
  return place.joinOffset === joinOffset && place.endOffset === undefined ? place : null;
}

/** Where to write to about a place: null where it has ended, or nobody can read the address. */
export const addressFor = (entry: RecipientEntry | undefined, joinOffset: number): string | null =>
  entry && openPlace(entry, joinOffset) ? (entry.details?.address ?? null) : null;
