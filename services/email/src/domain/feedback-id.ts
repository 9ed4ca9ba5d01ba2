import type { Mail } from "./mail.ts";

/** Google wants 5 to 15 characters. */
const SENDER_ID = { min: 5, max: 15 };

/**
 * `Feedback-ID` as Google's Postmaster Tools read it, campaign:customer:type:sender: complaints are counted for each kind
 * of mail, each list, and all of them. `host` is the installation's public one; its beginning names the sender, the same in
 * every mail.
 */
export function feedbackIdOf({ kind, waitlistId }: Pick<Mail, "kind" | "waitlistId">, host: string): string {
  const letters = host.toLowerCase().replace(/[^a-z0-9]+/g, "-");
  const sender = letters.slice(0, SENDER_ID.max).padEnd(SENDER_ID.min, "-");
  // A list's id holds no colon; one from before that rule must not become a further field.
  return [kind, waitlistId.replace(/[^A-Za-z0-9._-]/g, "-"), "transactional", sender].join(":");
}
