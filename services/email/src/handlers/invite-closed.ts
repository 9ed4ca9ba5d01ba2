import { invitesOf } from "@waitlist/roster";
import { expiredMailId, mailsOfInvite } from "../domain/mail.ts";
import { type Happening, type MailPlan, NOTHING, queueFor } from "../domain/mail-plan.ts";

/**
 * An invite that is closed is mailed to nobody any more, nor is anybody reminded of it. Judged by the stored place, so that
 * a replay does it, too. Whose invite's time was over is told so.
 */
export function onInviteClosed(happening: Happening): MailPlan {
  const { record, entry } = happening;
  const { event } = record;
  if (!("inviteId" in event.data)) return NOTHING;
  const { inviteId, joinOffset } = event.data;
  const place = entry.places.find((each) => each.joinOffset === joinOffset);
  const invite = place && invitesOf(place).find((each) => each.inviteId === inviteId);
  if (!invite?.closed) return NOTHING;
  return { ...expiry(happening, inviteId), cancel: mailsOfInvite(inviteId) };
}

/**
 * Only where this very record closed it: not what had been redeemed or taken back before, nor an invite that came when its
 * time was over, which nobody has heard of. Nor where the place has got another one since.
 */
function expiry(happening: Happening, inviteId: string): MailPlan {
  const { record, outcome, entry } = happening;
  if (record.event.type !== "InviteExpired" || outcome.kind !== "changed") return NOTHING;
  const { joinOffset } = record.event.data;
  const place = entry.places.find((each) => each.joinOffset === joinOffset);
  const { invite } = place ?? {};
  if (!place || invite?.inviteId !== inviteId) return NOTHING;
  const { closed } = invite;
  if (closed?.how !== "expired" || closed.offset !== record.offset) return NOTHING;
  return queueFor(happening, place, {
    id: expiredMailId(inviteId),
    kind: "expired",
    ...(closed.requeued ? { requeued: true } : {}),
  });
}
