// What the pages say.

import { type Html, html } from "@waitlist/markup";
import { button, type Page, paragraph } from "./page.ts";

const text = (...paragraphs: string[]): Html => html`${paragraphs.map(paragraph)}`;

export const confirmPage = (name: string, token: string): Page => ({
  title: "Confirm your address",
  content: html`${text(
    `Somebody signed this address up for the ${name} waitlist. If that was you, one press of the button confirms it.`,
    "Your place was reserved when the form was sent. If it wasn't you, close this page: nothing happens.",
  )}${button("/confirm", token, "Yes, that was me")}`,
});

export const confirmedPage = (name: string): Page => ({
  title: "You're confirmed",
  content: text(
    `Your place on the ${name} waitlist is yours, in the order in which you signed up.`,
    "A mail with your number is on its way. There is nothing else to do: we'll write when it's your turn.",
  ),
});

export const leavePage = (name: string, token: string): Page => ({
  title: `Leave the ${name} waitlist?`,
  content: html`${text(
    "You give your place up, and we won't write to you about it any more.",
    "You can sign up again whenever you like; you would start at the end of the line.",
  )}${button("/leave", token, "Give up my place")}`,
});

export const leftPage = (name: string): Page => ({
  title: "You've left the list",
  content: text(
    `Your place on the ${name} waitlist is given up, and no more mail will come.`,
    "If that was a mistake, sign up again: you'll get a new place at the end.",
  ),
});

export const gonePage: Page = {
  title: "This link doesn't work any more",
  content: text(
    "It may have expired, or the place it was for has been given up.",
    "The newest mail from the list has links that work. You can also sign up again.",
  ),
};

export const laterPage: Page = {
  title: "Please try again in a minute",
  content: text(
    "We couldn't write that down just now, so nothing has changed. Go back and press the button again.",
  ),
};

export const busyPage: Page = {
  title: "Please try again in a minute",
  content: text("There were too many requests from your network. Nothing has changed."),
};
