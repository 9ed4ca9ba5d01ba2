import { confirmationsOf, type Happening, type MailPlan, NOTHING, welcome } from "../domain/mail-plan.ts";

/**
 * The address is confirmed: now the place is welcomed, under the same key as without double opt-in. A mail that asks
 * for the confirmation and still waits (the link of another one was used) would only confuse.
 */
export function onEntryConfirmed(happening: Happening): MailPlan {
  const { outcome, entry } = happening;
  if (outcome.kind !== "changed") return NOTHING;
  return { ...welcome(happening, outcome.place), cancel: confirmationsOf(entry, outcome.place) };
}
