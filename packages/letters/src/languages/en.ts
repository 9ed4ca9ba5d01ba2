import type { Words } from "../words.ts";

const SIGNED_UP =
  "You get this mail because this address was signed up for the {{ list }} waitlist. " +
  "If that wasn't you, there is nothing you have to do.";

export const words: Words = {
  tag: "en",
  direction: "ltr",
  formats: "en-GB",
  fonts: "",
  letters: {
    confirmation: {
      subject: "Please confirm your place on the {{ list }} waitlist",
      body: [
        "# Almost there",
        "Thank you for signing up for {{ list }}. Please tell us that this address is really yours.",
        "> Reserved for you\n> **{{ position }}**",
        "[Confirm your place]({{ confirmUrl }})",
        "Number {{ position }} has been reserved for you since the moment you signed up, so take your time: " +
          "confirming later doesn't move you back.",
        "You didn't sign up? Then just ignore this mail. It leads to a page with a button, and nothing happens " +
          "unless you press that.",
      ],
      reason: "You get this mail because somebody entered this address on the {{ list }} waitlist.",
    },
    welcome: {
      subject: "You're number {{ position }} on the {{ list }} waitlist",
      body: [
        "# You're on the list",
        "Thank you for signing up for {{ list }}. We're glad you're here.",
        "> Your place on the waitlist\n> **{{ position }}**",
        "Places are given in the order in which people sign up, and invites go out in that same order. Your number " +
          "stays yours: it won't change, and there is nothing you need to do to keep it.",
        "We'll write to this address when it's your turn. Until then you can see where you stand:",
        "[See where you stand]({{ statusUrl }})",
        "The link is yours alone, so please don't pass this mail on.",
      ],
      reason: SIGNED_UP,
    },
    already: {
      subject:
        "{% if pending %}Your place on the {{ list }} waitlist still needs your confirmation" +
        "{% else %}You're already on the {{ list }} waitlist{% endif %}",
      body: [
        "{% if pending %}",
        "# Your place is waiting for you",
        "This address was just signed up for {{ list }} once more. You have a place already; all it needs is your " +
          "confirmation.",
        "> Reserved for you\n> **{{ position }}**",
        "It has been reserved since you first signed up, and confirming later doesn't move you back.",
        "[Confirm your place]({{ placeUrl }})",
        "If it wasn't you who signed up, just ignore this mail: nothing happens unless you press the button on the " +
          "page that it leads to.",
        "{% else %}",
        "# You're already on the list",
        "This address was just signed up for {{ list }} once more. No need: you have a place.",
        "> Your place on the waitlist\n> **{{ position }}**",
        "{% if invited %}Even better: your invite has been sent to this address. If you can't find it, please look " +
          "in your spam folder, too.{% else %}Signing up again changes nothing: your number stays yours, and we'll " +
          "write to this address when it's your turn.{% endif %}",
        "[See where you stand]({{ placeUrl }})",
        "{% endif %}",
      ],
      reason:
        "{% if pending %}You get this mail because somebody entered this address on the {{ list }} waitlist again." +
        "{% else %}You get this mail because this address was signed up for the {{ list }} waitlist again. " +
        "If that wasn't you, there is nothing you have to do.{% endif %}",
    },
    invite: {
      subject: "Your invite to {{ list }} is here",
      body: [
        "# It's your turn{% if name %}, {{ name }}{% endif %}",
        "Thank you for waiting. You were number {{ position }} on the list, and here is your invite to {{ list }}.",
        "[Accept your invite]({{ inviteUrl }})",
        "> Your code\n> **{{ code }}**",
        "It is meant for you, works once, and is valid until {{ expiresAt }}.",
        "You can [see where you stand]({{ statusUrl }}) on the waitlist.",
      ],
      reason: "You get this mail because this address is on the {{ list }} waitlist.",
    },
    reminder: {
      subject: "Your invite to {{ list }} is still waiting for you",
      body: [
        "# Your invite is waiting{% if name %}, {{ name }}{% endif %}",
        "We kept a place at {{ list }} for you, and your invite is still open. It is valid until {{ expiresAt }}.",
        "[Accept your invite]({{ inviteUrl }})",
        "> Your code\n> **{{ code }}**",
        "It works once. If you have changed your mind, there is nothing you have to do.",
        "You can [see where you stand]({{ statusUrl }}) on the waitlist.",
      ],
      reason: "You get this one reminder because this address was invited from the {{ list }} waitlist.",
    },
    expired: {
      subject: "Your invite to {{ list }} has expired",
      body: [
        "# Your invite has expired",
        "{% if name %}Hello {{ name }}, your{% else %}Your{% endif %} invite to {{ list }} wasn't used in time, so its code doesn't work any more.",
        "{% if requeued %}You haven't lost your place: you are waiting again, with the number that you have always " +
          "had, and we'll write to this address when your next invite is ready.{% else %}There is nothing you have " +
          "to do. Thank you for having waited with us.{% endif %}",
        "{% if requeued %}",
        "> Your place on the waitlist\n> **{{ position }}**",
        "{% endif %}",
        "[See where you stand]({{ statusUrl }})",
      ],
      reason: "You get this mail because this address was invited from the {{ list }} waitlist.",
    },
  },
  leave: "Leave the waitlist",
  privacy: "Privacy",
  colon: ":",
};
