import { invitesOf } from "@waitlist/roster";
import { mailsOfInvite } from "../domain/mail.ts";
import { type Happening, type MailPlan, NOTHING } from "../domain/mail-plan.ts";

/**
 * An invite that is closed is mailed to nobody any more, nor is anybody reminded of it. Judged by the stored place, so that
 * a replay does it, too.
 */
export function onInviteClosed({ record, entry }: Happening): MailPlan {
  const { event } = record;
  if (!("inviteId" in event.data)) return NOTHING;
  const { inviteId, joinOffset } = event.data;
  const place = entry.places.find((each) => each.joinOffset === joinOffset);
  const invite = place && invitesOf(place).find((each) => each.inviteId === inviteId);
  return invite?.closed ? { ...NOTHING, cancel: mailsOfInvite(inviteId) } : NOTHING;
}
