import { type Happening, type MailPlan, NOTHING, welcome } from "../domain/mail-plan.ts";

/** The address is confirmed: now the place is welcomed, under the same key as without double opt-in. */
export const onEntryConfirmed = (happening: Happening): MailPlan =>
  happening.outcome.kind === "changed" ? welcome(happening, happening.outcome.place) : NOTHING;
