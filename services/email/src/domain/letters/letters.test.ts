import { Value } from "@sinclair/typebox/value";
import { WaitlistDefinition } from "@waitlist/contracts";
import { describe, expect, test } from "vitest";
import { MAIL_NAMES, MAILS } from "../../../test/support/mails.ts";
import type { Mail } from "../mail.ts";
import { createComposer } from "./compose.ts";
import { formatExpiry } from "./invite.ts";
import { parseMailbox } from "./letter.ts";
import { listFacts } from "./list-facts.ts";

const define = (definition: object) =>
  Value.Default(WaitlistDefinition, { name: "Socialode", ...definition }) as WaitlistDefinition;

const compose = createComposer({
  publicUrl: "https://waitlist.example/",
  defaultFrom: { name: "", address: "waitlist@localhost" },
  links: {
    status: ({ entryId }) => `https://waitlist.example/v1/entries/${entryId}?token=a.b&c=d`,
    confirm: () => "https://waitlist.example/confirm?token=c.d&e=f",
    leave: () => "https://waitlist.example/leave?token=e.f&g=h",
    unsubscribe: () => "https://waitlist.example/v1/unsubscribe/g.h",
  },
});

const { welcome, invite, reminder, confirmation } = MAILS;
const write = (mail: Mail, definition: object = {}) =>
  compose(mail, listFacts("socialode", define(definition)), "ada@example.com");

describe("the welcome mail", () => {
  test("says which number one is, and where to look", () => {
    const { subject, text, html } = write(welcome);
    expect(subject).toBe("You're number 17 on the Socialode waitlist");
    expect(text).toContain("You're number 17 on the waitlist.");
    expect(text).toContain(`https://waitlist.example/v1/entries/${welcome.entryId}?token=a.b&c=d`);
    expect(html).toContain(`href="https://waitlist.example/v1/entries/${welcome.entryId}?token=a.b&amp;c=d"`);
    expect(html).toContain(">17<");
  });

  test("has the same Message-ID however often it is written, and another than the invite", () => {
    expect(write(welcome).messageId).toBe(write(welcome).messageId);
    expect(write(welcome).messageId).toMatch(/^<[0-9a-f]{40}@waitlist\.example>$/);
    expect(write(invite).messageId).not.toBe(write(welcome).messageId);
  });
});

describe("the mail that asks for a confirmation", () => {
  test("leads to the page with the button, and says what is reserved and that nothing happens without", () => {
    const { subject, text, html } = write(confirmation);
    expect(subject).toBe("Please confirm your place on the Socialode waitlist");
    expect(text).toContain("Confirm your place:\nhttps://waitlist.example/confirm?token=c.d&e=f\n");
    expect(html).toContain('href="https://waitlist.example/confirm?token=c.d&amp;e=f"');
    expect(text).toContain("Number 17 has been reserved for you since the moment you signed up");
    expect(text).toContain("nothing happens unless you press that");
  });

  test("shows no status page: that is for whoever has confirmed", () => {
    for (const mail of [confirmation, MAILS["already, still pending"]]) {
      expect(write(mail).text + write(mail).html).not.toContain("/v1/entries/");
    }
  });
});

describe("the mail to who signs up again", () => {
  test("says the number, and where to look", () => {
    const { subject, text } = write(MAILS["already, waiting"]);
    expect(subject).toBe("You're already on the Socialode waitlist");
    expect(text).toContain("Your place on the waitlist: number 17");
    expect(text).toContain("?token=a.b&c=d");
    expect(text).not.toContain("invite has been sent");
  });

  test("says where the invite is, to who has one", () => {
    expect(write(MAILS["already, invited"]).text).toContain("your invite has been sent to this address");
  });

  test("asks for the confirmation that is still missing", () => {
    const { subject, text } = write(MAILS["already, still pending"]);
    expect(subject).toBe("Your place on the Socialode waitlist still needs your confirmation");
    expect(text).toContain("https://waitlist.example/confirm?token=c.d&e=f");
  });
});

test.for(MAIL_NAMES)("the footer of the mail %s leads to the page on which one can leave", (name) => {
  const { text, html, unsubscribeUrl } = write(MAILS[name]);
  expect(text).toContain("Leave the waitlist: https://waitlist.example/leave?token=e.f&g=h");
  expect(html).toContain('href="https://waitlist.example/leave?token=e.f&amp;g=h"');
  expect(unsubscribeUrl).toBe("https://waitlist.example/v1/unsubscribe/g.h");
});

test("a mail of each kind has a subject of its own, so that they can be told apart", () => {
  const subjects = [confirmation, welcome, MAILS["already, waiting"], invite, reminder].map(
    (mail) => write(mail).subject,
  );
  expect(new Set(subjects).size).toBe(5);
});

describe("the invite mail", () => {
  test("shows the code, where it leads and until when, in the list's time zone", () => {
    const { subject, text } = write(invite, {
      timeZone: "Europe/Berlin",
      invites: { urlTemplate: "https://app.example/join?code={code}" },
    });
    expect(subject).toBe("Your invite to Socialode is here");
    expect(text).toContain("https://app.example/join?code=ABCD-EFGH-2345");
    expect(text).toContain("Your code: ABCD-EFGH-2345");
    expect(text).toMatch(/valid until Friday,? 8 May 2026 at 19:00 (CEST|GMT\+2)/);
  });

  test("leads to the product's own page where the list names none", () => {
    expect(write(invite).text).toContain("https://waitlist.example/i/ABCD-EFGH-2345");
  });

  test("falls back to UTC for a time zone that nobody knows", () => {
    expect(formatExpiry("2026-05-08T17:00:00Z", "Mars/Olympus")).toMatch(/17:00 UTC$/);
  });
});

describe("the reminder of an invite", () => {
  test("shows the code, where it leads and until when, in the list's time zone", () => {
    const { subject, text, html } = write(reminder, {
      timeZone: "Europe/Berlin",
      invites: { urlTemplate: "https://app.example/join?code={code}" },
    });
    expect(subject).toBe("Your invite to Socialode is still waiting for you");
    expect(text).toContain("Accept your invite:\nhttps://app.example/join?code=ABCD-EFGH-2345\n");
    expect(text).toContain("Your code: ABCD-EFGH-2345");
    expect(text).toMatch(/valid until Friday,? 8 May 2026 at 19:00 (CEST|GMT\+2)/);
    expect(html).toContain('href="https://app.example/join?code=ABCD-EFGH-2345"');
  });

  test("can be told apart from the invite, also by mail programs", () => {
    expect(write(reminder).messageId).not.toBe(write(invite).messageId);
  });
});

describe("what an admin wrote is shown and never run", () => {
  const name = `<script>alert("1")</script> & 'co'`;

  test.for(MAIL_NAMES)("in the mail %s", (which) => {
    const mail = MAILS[which];
    const { html, text, subject } = write(mail, { name, brand: { postalAddress: "<b>1 Main St</b>" } });
    expect(html).not.toContain("<script");
    expect(html).not.toContain("<b>1 Main");
    expect(html).toContain("&lt;script&gt;");
    expect(text).toContain(name);
    expect(subject).toContain(name);
  });
});

describe("the sender", () => {
  test("is the installation's address under the list's name, where neither names another", () => {
    expect(write(welcome).from).toEqual({ name: "Socialode", address: "waitlist@localhost" });
  });

  test("is the list's own, with its address for replies", () => {
    const from = {
      name: "Ada of Socialode",
      address: "hello@socialode.example",
      replyTo: "team@socialode.example",
    };
    expect(write(welcome, { from })).toMatchObject({
      from: { name: from.name, address: from.address },
      replyTo: from.replyTo,
    });
  });

  test("is never what can't be an address", () => {
    const from = { name: "Ada", address: "hello> <evil@example.com" };
    expect(write(welcome, { from }).from).toEqual({ name: "Ada", address: "waitlist@localhost" });
  });

  test.for([
    ["waitlist@localhost", { name: "", address: "waitlist@localhost" }],
    ["Team <team@example.com>", { name: "Team", address: "team@example.com" }],
    ['"A, B" <team@example.com>', { name: "A, B", address: "team@example.com" }],
    ["team", null],
    ["a@b <c@d> <e@f>", null],
  ] as const)("reads the setting %s", ([text, mailbox]) => {
    expect(parseMailbox(text)).toEqual(mailbox);
  });
});

test.for([
  ["#20c5c5", "#111827"],
  ["#4f46e5", "#ffffff"],
  ["#000000", "#ffffff"],
  ["#ffffff", "#111827"],
] as const)("the button on %s has writing that can be read", ([color, onColor]) => {
  expect(listFacts("list", define({ brand: { color } })).onColor).toBe(onColor);
});

test("a list whose definition nobody can read still gets its mails, under its id", () => {
  expect(compose(welcome, listFacts("socialode", null), "ada@example.com").subject).toContain("socialode");
});
