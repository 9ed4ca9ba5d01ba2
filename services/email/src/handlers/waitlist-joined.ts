import { type Happening, type MailPlan, NOTHING, welcome } from "../domain/mail-plan.ts";

/**
 * A new place is welcomed; on a list with double opt-in only once the address is confirmed. A repeat gets nothing:
 * the place has its welcome.
 */
export function onWaitlistJoined(happening: Happening): MailPlan {
  const { outcome } = happening;
  if (outcome.kind !== "placed" || outcome.place.needsConfirmation) return NOTHING;
  return welcome(happening, outcome.place);
}
