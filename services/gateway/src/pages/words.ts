// What the pages say. They don't build sentences round the list's name: it stands above them as it is.
import { html } from "@waitlist/markup";
import { button, type Page, paragraphs } from "./page.ts";

/** What a page's button does, before and after it is pressed. */
export interface ButtonWords {
  title: string;
  lines: string[];
  label: string;
  done: Page;
}

export const CONFIRM: ButtonWords = {
  title: "Confirm your address",
  lines: [
    "Somebody signed up for this waitlist with your address. If that was you, press the button.",
    "Your place has been kept since then, so confirming late costs you nothing. If it wasn't you, close this page: " +
      "nothing happens.",
  ],
  label: "Yes, that was me",
  done: {
    title: "You're confirmed",
    content: paragraphs(
      "Your place is the one that you got when you signed up.",
      "There is nothing else to do. We'll write to you when it's your turn.",
    ),
  },
};

export const LEAVE: ButtonWords = {
  title: "Leave this waitlist?",
  lines: [
    "You give up your place, and an invite that you haven't used yet. Mail about it stops.",
    "You can sign up again whenever you like, but you'd start at the end of the line.",
  ],
  label: "Give up my place",
  done: {
    title: "You've left the waitlist",
    content: paragraphs(
      "Your place is given up. Mail about it stops, but for what is on its way already.",
      "If that was a mistake, sign up again: you'll get a new place, at the end of the line.",
    ),
  },
};

export const askPage = ({ title, lines, label }: ButtonWords, action: string, token: string): Page => ({
  title,
  content: html`${paragraphs(...lines)}${button(action, token, label)}`,
});

/** With the button once more: nobody has to go back to the mail. */
export const againPage = ({ label }: ButtonWords, action: string, token: string): Page => ({
  title: "We couldn't do that just now",
  content: html`${paragraphs(
    "It isn't certain that it was written down. Press the button again in a moment: twice does no harm.",
  )}${button(action, token, label)}`,
});

export const gonePage: Page = {
  title: "This link doesn't work",
  content: paragraphs(
    "It may have expired, or lost a part when it was copied. Or the place that it was for has been given up.",
    "The newest mail from the list has links that work. You can also sign up again.",
  ),
};

export const unreadablePage: Page = {
  title: "That didn't work",
  content: paragraphs("The form didn't arrive as this page sends it. Open the link in the mail again."),
};

export const busyPage: Page = {
  title: "Please try again in a minute",
  content: paragraphs("There were too many requests from your network. Nothing has changed."),
};

export const brokenPage: Page = {
  title: "Something went wrong on our side",
  content: paragraphs("Please open the link in the mail again in a few minutes."),
};
