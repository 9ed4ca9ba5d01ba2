import { inviteMailId } from "../domain/mail.ts";
import { about, type Happening, type MailPlan, NOTHING } from "../domain/mail-plan.ts";
import { addressFor } from "../domain/recipient.ts";

/** An invite that took effect on a place that is still open is mailed. Without a readable code there is none to mail. */
export function onInviteAllocated({ record, outcome, entry }: Happening): MailPlan {
  const { event, unreadable } = record;
  if (event.type !== "InviteAllocated" || outcome.kind !== "changed" || unreadable) return NOTHING;
  const { place } = outcome;
  const { inviteId, code, expiresAt } = event.data;
  // The record at the place's invite offset made it; any other with the same offset can't be.
  if (place.invite?.inviteId !== inviteId || addressFor(entry, place.joinOffset) === null) return NOTHING;
  const id = inviteMailId(inviteId);
  return {
    ...NOTHING,
    queue: [{ id, kind: "invite", ...about(record, entry, place), invite: { code, expiresAt } }],
  };
}
