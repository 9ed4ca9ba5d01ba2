import { invitesOf } from "@waitlist/roster";
import { inviteMailId, reminderMailId } from "../domain/mail.ts";
import { type Happening, type MailPlan, merge, NOTHING, queueFor } from "../domain/mail-plan.ts";
import type { RecipientEntry } from "../domain/recipient.ts";

/**
 * An invite that took effect on a place that is still open is mailed, unless it is closed by now, and a reminder of it
 * laid by: whether and when that goes out is for the list's definition to say. Without a readable code there is
 * nothing to mail.
 */
export function onInviteAllocated(happening: Happening): MailPlan {
  const { outcome, entry } = happening;
  const { event, unreadable } = happening.record;
  if (event.type !== "InviteAllocated" || outcome.kind !== "changed" || unreadable) return NOTHING;
  const { place } = outcome;
  const { inviteId, code, expiresAt } = event.data;
  // The record at the place's invite offset made it; any other with the same offset can't be.
  const isMade = invitesOf(place).some((invite) => invite.inviteId === inviteId);
  if (!isMade || isClosed(entry, inviteId)) return NOTHING;
  const invite = { code, expiresAt };
  return merge([
    queueFor(happening, place, { id: inviteMailId(inviteId), kind: "invite", invite }),
    queueFor(happening, place, { id: reminderMailId(inviteId), kind: "reminder", invite }),
  ]);
}

const isClosed = ({ places }: RecipientEntry, inviteId: string): boolean =>
  places.flatMap(invitesOf).some((invite) => invite.inviteId === inviteId && invite.closed !== undefined);
