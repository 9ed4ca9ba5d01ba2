import { type Happening, type MailPlan, mailsOf, NOTHING } from "../domain/mail-plan.ts";

/**
 * The address takes no mail: what has not gone out to that place stays here. Judged by the stored place, so that a replay
 * finishes what a crash cut off. What is caused later is suppressed when it is taken up.
 */
export function onEntryUndeliverable({ record, entry }: Happening): MailPlan {
  const { event } = record;
  if (event.type !== "EntryUndeliverable") return NOTHING;
  const place = entry.places.find(({ joinOffset }) => joinOffset === event.data.joinOffset);
  if (place?.undeliverableOffset === undefined) return NOTHING;
  return { ...NOTHING, undeliverable: [{ ids: mailsOf(entry, place), offset: place.undeliverableOffset }] };
}
