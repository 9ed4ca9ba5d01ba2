// What somebody is told who signs up again: the same, whoever it was that typed the address.
import { html } from "@waitlist/markup";
import { button, chip, layout, paragraph, textFooter } from "./layout.ts";
import type { LetterBody } from "./letter.ts";
import type { ListFacts } from "./list-facts.ts";

interface Words {
  subject: string;
  heading: string;
  opening: string;
  chip: string;
  /** What comes next, before the button. */
  next: string;
  button: string;
  reason: string;
}

/** For a place that waits or is invited: it is there, and where to look. */
export function alreadyLetter(
  list: ListFacts,
  { position, isInvited }: { position: number; isInvited: boolean },
  { statusUrl, leaveUrl }: { statusUrl: string; leaveUrl: string },
): LetterBody {
  const next = isInvited
    ? "Even better: your invite has been sent to this address. If you can't find it, please look in your spam " +
      "folder, too. You can always see where you stand here:"
    : "Signing up again changes nothing: your number stays yours, and we'll write to this address when it's your " +
      "turn. Until then you can see where you stand here:";
  return write(list, position, statusUrl, leaveUrl, {
    subject: `You're already on the ${list.name} waitlist`,
    heading: "You're already on the list",
    opening: `This address was just signed up for ${list.name} once more. No need: you have a place.`,
    chip: "Your place on the waitlist",
    next,
    button: "See where you stand",
    reason:
      `You get this mail because this address was signed up for the ${list.name} waitlist again. ` +
      "If that wasn't you, there is nothing you have to do.",
  });
}

/** For a place that isn't confirmed yet: it asks once more, and shows nothing that only the mailbox's owner may see. */
export const stillToConfirmLetter = (
  list: ListFacts,
  position: number,
  { confirmUrl, leaveUrl }: { confirmUrl: string; leaveUrl: string },
): LetterBody =>
  write(list, position, confirmUrl, leaveUrl, {
    subject: `Your place on the ${list.name} waitlist still needs your confirmation`,
    heading: "Your place is waiting for you",
    opening:
      `This address was just signed up for ${list.name} once more. You have a place already; ` +
      "all it needs is your confirmation.",
    chip: "Reserved for you",
    next:
      "It has been reserved since you first signed up, and confirming later doesn't move you back. If it wasn't " +
      "you who signed up, just ignore this mail: nothing happens unless you press the button on the page below:",
    button: "Confirm your place",
    reason: `You get this mail because somebody entered this address on the ${list.name} waitlist again.`,
  });

function write(
  list: ListFacts,
  position: number,
  url: string,
  leaveUrl: string,
  { subject, heading, opening, chip: label, next, button: press, reason }: Words,
): LetterBody {
  return {
    subject,
    text: [
      heading,
      opening,
      `${label}: number ${position}`,
      `${next}\n${url}`,
      textFooter(list, reason, leaveUrl),
    ].join("\n\n"),
    html: layout({
      list,
      preview: opening,
      heading,
      content: html`${paragraph(opening)}
${chip(label, position)}
${paragraph(next)}
${button(list, press, url)}`,
      reason,
      leaveUrl,
    }),
  };
}
