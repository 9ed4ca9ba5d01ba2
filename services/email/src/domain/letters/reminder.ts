import { html } from "@waitlist/markup";
import { formatExpiry, type InviteLinks } from "./invite.ts";
import { button, chip, layout, link, paragraph, textFooter } from "./layout.ts";
import type { LetterBody } from "./letter.ts";
import type { ListFacts } from "./list-facts.ts";

/** The invite once more, short: it is still there, and until when. */
export function reminderLetter(
  list: ListFacts,
  invite: { code: string; expiresAt: string },
  { inviteUrl, statusUrl, leaveUrl }: InviteLinks,
): LetterBody {
  const heading = "Your invite is waiting";
  const until = formatExpiry(invite.expiresAt, list.timeZone);
  const opening = `We kept a place at ${list.name} for you, and your invite is still open. It is valid until ${until}.`;
  const closing = "It works once. If you have changed your mind, there is nothing you have to do.";
  const reason = `You get this one reminder because this address was invited from the ${list.name} waitlist.`;
  return {
    subject: `Your invite to ${list.name} is still waiting for you`,
    text: [
      heading,
      opening,
      `Accept your invite:\n${inviteUrl}`,
      `Your code: ${invite.code}`,
      closing,
      `See where you stand:\n${statusUrl}`,
      textFooter(list, reason, leaveUrl),
    ].join("\n\n"),
    html: layout({
      list,
      preview: `It is valid until ${until}.`,
      heading,
      content: html`${paragraph(opening)}
${button(list, "Accept your invite", inviteUrl)}
${chip("Your code", invite.code)}
${paragraph(closing)}
${paragraph(html`${link("See where you stand", statusUrl)} on the waitlist.`)}`,
      reason,
      leaveUrl,
    }),
  };
}
