import { html } from "@waitlist/markup";
import { button, chip, layout, paragraph, textFooter } from "./layout.ts";
import type { LetterBody } from "./letter.ts";
import type { ListFacts } from "./list-facts.ts";

/**
 * The first mail to an address. Anybody could have typed that address, so nothing that was typed beside it stands in
 * here: neither a name nor an answer.
 */
export function welcomeLetter(
  list: ListFacts,
  position: number,
  { statusUrl, leaveUrl }: { statusUrl: string; leaveUrl: string },
): LetterBody {
  const heading = "You're on the list";
  const thanks = `Thank you for signing up for ${list.name}. We're glad you're here.`;
  const promise =
    "Places are given in the order in which people sign up, and invites go out in that same order. " +
    "Your number stays yours: it won't change, and there is nothing you need to do to keep it.";
  const next =
    "We'll write to this address when it's your turn. Until then you can see where you stand here:";
  const personal = "The link is yours alone, so please don't pass this mail on.";
  const reason =
    `You get this mail because this address was signed up for the ${list.name} waitlist. ` +
    "If that wasn't you, there is nothing you have to do.";
  return {
    subject: `You're number ${position} on the ${list.name} waitlist`,
    text: [
      heading,
      `${thanks}\nYou're number ${position} on the waitlist.`,
      promise,
      `${next}\n${statusUrl}`,
      personal,
      textFooter(list, reason, leaveUrl),
    ].join("\n\n"),
    html: layout({
      list,
      preview: `You're number ${position}. We'll write when it's your turn.`,
      heading,
      content: html`${paragraph(thanks)}
${chip("Your place on the waitlist", position)}
${paragraph(promise)}
${paragraph(next)}
${button(list, "See where you stand", statusUrl)}
${paragraph(personal)}`,
      reason,
      leaveUrl,
    }),
  };
}
