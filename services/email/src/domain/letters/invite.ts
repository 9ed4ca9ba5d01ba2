import { html } from "@waitlist/markup";
import { button, chip, layout, link, paragraph, textFooter } from "./layout.ts";
import type { LetterBody } from "./letter.ts";
import type { ListFacts } from "./list-facts.ts";

export interface InviteLinks {
  inviteUrl: string;
  statusUrl: string;
  leaveUrl: string;
}

/** The mail that everybody waits for: the code, where it leads, and until when it is valid. */
export function inviteLetter(
  list: ListFacts,
  invite: { code: string; expiresAt: string; position: number },
  { inviteUrl, statusUrl, leaveUrl }: InviteLinks,
): LetterBody {
  const heading = "It's your turn";
  const until = formatExpiry(invite.expiresAt, list.timeZone);
  const opening = `Thank you for waiting. You were number ${invite.position} on the list, and here is your invite to ${list.name}.`;
  const validity = `It is meant for you, works once, and is valid until ${until}.`;
  const reason = `You get this mail because this address is on the ${list.name} waitlist.`;
  return {
    subject: `Your invite to ${list.name} is here`,
    text: [
      heading,
      opening,
      `Accept your invite:\n${inviteUrl}`,
      `Your code: ${invite.code}`,
      validity,
      `See where you stand:\n${statusUrl}`,
      textFooter(list, reason, leaveUrl),
    ].join("\n\n"),
    html: layout({
      list,
      preview: `Your invite to ${list.name} is valid until ${until}.`,
      heading,
      content: html`${paragraph(opening)}
${button(list, "Accept your invite", inviteUrl)}
${chip("Your code", invite.code)}
${paragraph(validity)}
${paragraph(html`${link("See where you stand", statusUrl)} on the waitlist.`)}`,
      reason,
      leaveUrl,
    }),
  };
}

/** The moment in the list's time zone, in words that are the same to everybody: Friday 8 May 2026 at 17:00 UTC. */
export function formatExpiry(expiresAt: string, timeZone: string): string {
  return new Intl.DateTimeFormat("en-GB", {
    weekday: "long",
    day: "numeric",
    month: "long",
    year: "numeric",
    hour: "2-digit",
    minute: "2-digit",
    timeZoneName: "short",
    timeZone: isTimeZone(timeZone) ? timeZone : "UTC",
  }).format(new Date(expiresAt));
}

function isTimeZone(timeZone: string): boolean {
  try {
    Intl.DateTimeFormat("en", { timeZone });
    return true;
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}
