import { Value } from "@sinclair/typebox/value";
import { WaitlistDefinition } from "@waitlist/contracts";
import { createLetters } from "@waitlist/letters";
import { describe, expect, test } from "vitest";
import { MAIL_NAMES, MAILS } from "../../../test/support/mails.ts";
import type { Mail } from "../mail.ts";
import type { Reader } from "../recipient.ts";
import { createComposer } from "./compose.ts";
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
  letters: createLetters(),
});

const { welcome, invite, reminder, confirmation, expired } = MAILS;
let offset = 0;
const write = (mail: Mail, definition: object = {}, reader?: Reader) =>
  compose(mail, listFacts("socialode", define(definition), offset++), "ada@example.com", reader);

describe("the welcome mail", () => {
  test("says which number one is, and where to look", async () => {
    const { subject, text, html } = await write(welcome);
    expect(subject).toBe("You're number 17 on the Socialode waitlist");
    expect(text).toContain("Your place on the waitlist\n  17\n");
    expect(text).toContain(`https://waitlist.example/v1/entries/${welcome.entryId}?token=a.b&c=d`);
    expect(html).toContain(`href="https://waitlist.example/v1/entries/${welcome.entryId}?token=a.b&amp;c=d"`);
    expect(html).toContain(">17<");
  });

  test("has the same Message-ID however often it is written, and another than the invite", async () => {
    const { messageId } = await write(welcome);
    expect((await write(welcome)).messageId).toBe(messageId);
    expect(messageId).toMatch(/^<[0-9a-f]{40}@waitlist\.example>$/);
    expect((await write(invite)).messageId).not.toBe(messageId);
    expect((await write(reminder)).messageId).not.toBe((await write(invite)).messageId);
  });
});

test("the mail that asks for a confirmation leads to the page with the button, and nothing happens without", async () => {
  const { subject, text, html } = await write(confirmation);
  expect(subject).toBe("Please confirm your place on the Socialode waitlist");
  expect(text).toContain("Confirm your place:\nhttps://waitlist.example/confirm?token=c.d&e=f\n");
  expect(html).toContain('href="https://waitlist.example/confirm?token=c.d&amp;e=f"');
  expect(text).toContain("Number 17 has been reserved for you since the moment you signed up");
  expect(text).toContain("nothing happens unless you press that");
});

test.for(["confirmation", "already, still pending"] as const)(
  "the mail %s shows no status page: that is for whoever has confirmed",
  async (name) => {
    const { text, html } = await write(MAILS[name]);
    expect(text + html).not.toContain("/v1/entries/");
  },
);

describe("the mail to who signs up again", () => {
  test("says the number, and where to look", async () => {
    const { subject, text } = await write(MAILS["already, waiting"]);
    expect(subject).toBe("You're already on the Socialode waitlist");
    expect(text).toContain("Your place on the waitlist\n  17\n");
    expect(text).toContain("?token=a.b&c=d");
    expect(text).not.toContain("invite has been sent");
  });

  test("says where the invite is, to who has one", async () => {
    const { text } = await write(MAILS["already, invited"]);
    expect(text).toContain("your invite has been sent to this address");
  });

  test("asks for the confirmation that is still missing", async () => {
    const { subject, text } = await write(MAILS["already, still pending"]);
    expect(subject).toBe("Your place on the Socialode waitlist still needs your confirmation");
    expect(text).toContain("https://waitlist.example/confirm?token=c.d&e=f");
  });
});

test.for(MAIL_NAMES)("the footer of the mail %s leads to the page on which one can leave", async (name) => {
  const { text, html, unsubscribeUrl } = await write(MAILS[name]);
  expect(text).toContain("Leave the waitlist: https://waitlist.example/leave?token=e.f&g=h");
  expect(html).toContain('href="https://waitlist.example/leave?token=e.f&amp;g=h"');
  expect(unsubscribeUrl).toBe("https://waitlist.example/v1/unsubscribe/g.h");
});

test("a mail of each kind has a subject of its own, so that they can be told apart", async () => {
  const mails = [confirmation, welcome, MAILS["already, waiting"], invite, reminder, expired];
  const subjects = await Promise.all(mails.map(async (mail) => (await write(mail)).subject));
  expect(new Set(subjects).size).toBe(6);
});

describe.each([invite, reminder])("the mail $kind", (mail) => {
  test("shows the code, where it leads and until when, in the list's time zone", async () => {
    const { text, html } = await write(mail, {
      timeZone: "Europe/Berlin",
      invites: { urlTemplate: "https://app.example/join?code={code}" },
    });
    expect(text).toContain("Accept your invite:\nhttps://app.example/join?code=ABCD-EFGH-2345\n");
    expect(text).toContain("Your code\n  ABCD-EFGH-2345\n");
    expect(text).toMatch(/valid until Friday,? 8 May 2026 at 19:00 (CEST|GMT\+2)/);
    expect(html).toContain('href="https://app.example/join?code=ABCD-EFGH-2345"');
  });

  test("leads to the product's own page where the list names none", async () => {
    expect((await write(mail)).text).toContain("https://waitlist.example/i/ABCD-EFGH-2345");
  });
});

describe("the reader", () => {
  test("is written to in the language of the signup", async () => {
    expect((await write(welcome, {}, { locale: "de-AT" })).subject).toContain("Du bist Nummer 17");
  });

  test("is called by name only in mails that nobody gets first", async () => {
    for (const name of MAIL_NAMES) {
      const { subject, text, html } = await write(MAILS[name], {}, { name: "Ada Lovelace" });
      const isCalled = (subject + text + html).includes("Ada Lovelace");
      expect(isCalled, name).toBe(["invite", "reminder", "expired"].includes(name));
    }
  });
});

test("an expired invite's mail says whether the place waits for another one", async () => {
  const about = { ...expired, position: 17 };
  expect((await write(about)).text).toContain("There is nothing you have to do.");
  expect((await write({ ...about, requeued: true })).text).toContain("You haven't lost your place");
});

describe("the sender", () => {
  test("is the installation's address under the list's name, where neither names another", async () => {
    expect((await write(welcome)).from).toEqual({ name: "Socialode", address: "waitlist@localhost" });
  });

  test("is the list's own, with its address for replies", async () => {
    const from = {
      name: "Ada of Socialode",
      address: "hello@socialode.example",
      replyTo: "team@socialode.example",
    };
    expect(await write(welcome, { from })).toMatchObject({
      from: { name: from.name, address: from.address },
      replyTo: from.replyTo,
    });
  });

  test("is never what can't be an address", async () => {
    const from = { name: "Ada", address: "hello> <evil@example.com" };
    expect((await write(welcome, { from })).from).toEqual({ name: "Ada", address: "waitlist@localhost" });
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

test("a list whose definition nobody can read still gets its mails, under its id", async () => {
  const { subject } = await compose(welcome, listFacts("socialode", null, null), "ada@example.com");
  expect(subject).toContain("socialode");
});
