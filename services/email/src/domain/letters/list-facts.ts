import type { WaitlistDefinition } from "@waitlist/contracts";
import { type LetterList, letterList } from "@waitlist/letters";

/** What mails need to know of their list. */
export interface ListFacts {
  waitlistId: string;
  from: { name: string; address: string; replyTo?: string } | null;
  /** Where an invite leads, with `{code}` in it; null for the product's own page. */
  inviteUrlTemplate: string | null;
  /** What their letters say and look like. */
  letters: LetterList;
}

/**
 * By the definition at `offset`; null where none was readable: the mail goes out all the same, under the list's id.
 */
export const listFacts = (
  waitlistId: string,
  definition: WaitlistDefinition | null,
  offset: number | null,
): ListFacts => ({
  waitlistId,
  from: definition?.from ?? null,
  inviteUrlTemplate: definition?.invites.urlTemplate ?? null,
  letters: letterList(waitlistId, definition, offset),
});
