import { html } from "@waitlist/markup";
import { button, chip, layout, paragraph, textFooter } from "./layout.ts";
import type { LetterBody } from "./letter.ts";
import type { ListFacts } from "./list-facts.ts";

export interface ConfirmationLinks {
  confirmUrl: string;
  leaveUrl: string;
}

/**
 * The first mail to an address on a list with double opt-in. Anybody could have typed that address: nothing that was
 * typed stands in here, and the only link that does something leads to a page with a button.
 */
export function confirmationLetter(
  list: ListFacts,
  position: number,
  { confirmUrl, leaveUrl }: ConfirmationLinks,
): LetterBody {
  const heading = "Almost there";
  const opening = `Thank you for signing up for ${list.name}. Please tell us that this address is really yours.`;
  const reserved =
    `Number ${position} has been reserved for you since the moment you signed up, so take your time: ` +
    "confirming later doesn't move you back.";
  const stranger =
    "You didn't sign up? Then just ignore this mail. It leads to a page with a button, and nothing happens unless " +
    "you press that.";
  const reason = `You get this mail because somebody entered this address on the ${list.name} waitlist.`;
  return {
    subject: `Please confirm your place on the ${list.name} waitlist`,
    text: [
      heading,
      opening,
      reserved,
      `Confirm your place:\n${confirmUrl}`,
      stranger,
      textFooter(list, reason, leaveUrl),
    ].join("\n\n"),
    html: layout({
      list,
      preview: `Number ${position} is reserved for you. Please confirm that this address is yours.`,
      heading,
      content: html`${paragraph(opening)}
${chip("Reserved for you", position)}
${paragraph(reserved)}
${button(list, "Confirm your place", confirmUrl)}
${paragraph(stranger)}`,
      reason,
      leaveUrl,
    }),
  };
}
