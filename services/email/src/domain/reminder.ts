// When an invite that nobody has taken up yet is mentioned once more.
import type { Mail } from "./mail.ts";

const HOUR_MS = 60 * 60 * 1000;

/**
 * When the reminder of an invite is due, in milliseconds: so many hours before it expires. Null where the list wants
 * none, or the time for it had come before the invite itself or is over by `now`: nobody gets both at once.
 */
export function reminderTime(
  { invite, causedAt }: Pick<Mail, "invite" | "causedAt">,
  reminderHours: number | undefined,
  now: number,
): number | null {
  if (!invite || reminderHours === undefined) return null;
  const at = Date.parse(invite.expiresAt) - reminderHours * HOUR_MS;
  return at > Math.max(causedAt, now) ? at : null;
}

/** Whether a mail has nothing to say any more, `now` (milliseconds): it reminds of an invite whose time is over. */
export const isTooLate = ({ kind, invite }: Pick<Mail, "kind" | "invite">, now: number): boolean =>
  kind === "reminder" && !(invite && now < Date.parse(invite.expiresAt));
