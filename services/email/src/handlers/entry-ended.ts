import { type Happening, type MailPlan, mailsOf, NOTHING } from "../domain/mail-plan.ts";

/**
 * Somebody left or was erased: what has not gone out to that place stays here. It is judged by the stored place and
 * not by the outcome, so that a replay finishes what a crash cut off.
 */
export function onEntryEnded({ record, entry }: Happening): MailPlan {
  const { event } = record;
  if (event.type !== "EntryLeft" && event.type !== "EntryErased") return NOTHING;
  const place = entry.places.find(({ joinOffset }) => joinOffset === event.data.joinOffset);
  if (place?.endOffset === undefined) return NOTHING;
  const mails = mailsOf(entry, place);
  return { ...NOTHING, cancel: mails, forget: event.type === "EntryErased" ? mails : [] };
}
