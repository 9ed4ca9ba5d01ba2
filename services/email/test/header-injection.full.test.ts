// Whatever a signer or an admin types: it comes out as text, and never as a header, a recipient or a part of its own.

import { Value } from "@sinclair/typebox/value";
import type { WaitlistDefinition } from "@waitlist/contracts";
import { WaitlistDefinition as Schema } from "@waitlist/contracts";
import { createTokens } from "@waitlist/tokens";
import fc from "fast-check";
import { expect, test } from "vitest";
import { createMessageWriter, type RawMessageOptions } from "../src/adapters/raw-message.ts";
import type { Mail } from "../src/domain/mail.ts";
import { createLetterWriter } from "../src/sending/letter-writer.ts";
import { CAUSED_AT, MAIL_NAMES, MAILS } from "./support/mails.ts";

const GENERATED = 10_000;
const tokens = createTokens("k1:0123456789abcdef0123456789abcdef", () => CAUSED_AT);

/** What has ended headers, and added some, somewhere before; among any other text. */
const hostile = (maxLength: number) =>
  fc
    .array(
      fc.oneof(
        { weight: 3, arbitrary: fc.string({ unit: "binary", maxLength: 12 }) },
        { weight: 2, arbitrary: fc.string({ unit: "grapheme", maxLength: 12 }) },
        {
          weight: 4,
          arbitrary: fc.constantFrom(
            ...[
              "\r\n",
              "\n",
              "\r",
              "\r\n ",
              "\r\n\t",
              "\u0085",
              "\u2028",
              "\u2029",
              "\0",
              "\v",
              "\f",
              "\x7f",
              "\t",
            ],
            ...[
              "Bcc: evil@example.com",
              "\r\nBcc: evil@example.com\r\n",
              "\nTo: evil@example.com",
              "\r\n\r\n<b>body</b>",
            ],
            ...[
              "%0d%0aBcc:evil@example.com",
              "=0D=0ABcc: evil@example.com",
              "=?utf-8?Q?=0D=0ABcc:_evil=40example.com?=",
            ],
            ...[
              "=?utf-8?B?DQpCY2M6IGV2aWxAZXhhbXBsZS5jb20=?=",
              "嘊嘍Bcc: evil@example.com",
              "\ud800",
              "\u202e",
            ],
            ...[
              "<evil@example.com>",
              ">, <evil@example.com",
              '", evil@example.com, "',
              "evil@example.com,",
              "(",
              ")",
            ],
            ...[
              "\\",
              '"',
              ";",
              ":",
              ",",
              "<",
              ">",
              "--",
              "\r\n--boundary--\r\n",
              "\r\n.\r\n",
              "{code}",
              "{{name}}",
            ],
          ),
        },
      ),
      { maxLength: 6 },
    )
    .map((parts) => parts.join("").slice(0, maxLength));

const maybe = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined });
const address = fc
  .tuple(
    hostile(40),
    fc.constantFrom("example.com", "bücher.example", "例え.example", "x.example\r\nBcc: a@b.c"),
  )
  .map(([local, domain]) => `${local}@${domain}`);
/** As a signup's is, when the gateway has judged it: an atom with dots, of any script. */
const LOCAL = [..."abcXYZ019!#$%&'*+/=?^_`{|}~-éß名ألف"];
const local = fc
  .array(
    fc.array(fc.constantFrom(...LOCAL), { minLength: 1, maxLength: 8 }).map((letters) => letters.join("")),
    {
      minLength: 1,
      maxLength: 4,
    },
  )
  .map((atoms) => atoms.join("."));
const recipient = fc
  .tuple(local, fc.constantFrom("example.com", "bücher.example", "例え.example"))
  .map(([atoms, domain]) => `${atoms}@${domain}`);

/** Not blank: nodemailer leaves an empty subject or part out. */
const worded = hostile(300).map((text) => `Hello ${text}`);

const given = fc.record({
  mail: fc.constantFrom(...MAIL_NAMES),
  to: recipient,
  listId: fc.oneof(fc.constant("socialode"), hostile(40)),
  name: hostile(120),
  from: maybe(fc.record({ name: hostile(120), address, replyTo: maybe(address) })),
  mailFrom: fc.constantFrom("waitlist@localhost", "Waitlist <waitlist@example.com>"),
  postalAddress: maybe(hostile(300)),
  privacyUrl: maybe(hostile(60).map((text) => `https://socialode.example/${text}`)),
  urlTemplate: maybe(hostile(60).map((text) => `https://socialode.example/${text}{code}`)),
  /** What a list's own words may come to, whatever its templates do. */
  words: maybe(fc.record({ subject: worded, text: worded, html: worded })),
  returnPath: maybe(fc.constant("bounces@example.com")),
});
type Given = typeof given extends fc.Arbitrary<infer T> ? T : never;

function definitionOf({ name, from, postalAddress, privacyUrl, urlTemplate }: Given): WaitlistDefinition {
  const brand = { ...(postalAddress ? { postalAddress } : {}), ...(privacyUrl ? { privacyUrl } : {}) };
  const invites = urlTemplate ? { urlTemplate } : {};
  return Value.Default(Schema, { name, brand, invites, ...(from ? { from } : {}) }) as WaitlistDefinition;
}

async function written(input: Given, more: RawMessageOptions = {}) {
  const definition = definitionOf(input);
  const inForce = { waitlistId: input.listId, offset: 0, eventId: "e0", definition, at: 0 };
  const write = createLetterWriter({
    definitions: { inForce: async () => inForce },
    tokens,
    config: { PUBLIC_URL: "https://waitlist.example", MAIL_FROM: input.mailFrom },
  });
  const mail: Mail = { ...MAILS[input.mail], waitlistId: input.listId };
  const letter = { ...(await write(mail, input.to)), ...input.words };
  const { returnPath } = input;
  return { letter, ...(await createMessageWriter({ returnPath, ...more })(letter)) };
}

const ALWAYS = [
  ...["auto-submitted", "content-type", "date", "feedback-id", "from", "list-id", "list-unsubscribe"],
  ...["list-unsubscribe-post", "message-id", "mime-version", "subject", "to"],
];

/** What is wrong with a message's head and envelope, in words. */
function faults({ letter, envelope, raw }: Awaited<ReturnType<typeof written>>, input: Given): string[] {
  const text = raw.toString("latin1");
  const head = text.slice(0, text.indexOf("\r\n\r\n"));
  const lines = head.split("\r\n");
  const fields = lines.filter((line) => !/^[ \t]/.test(line));
  const names = fields.map((line) => line.slice(0, line.indexOf(":")).toLowerCase()).toSorted();
  const unfolded = head.replace(/\r\n[ \t]+/g, " ").split("\r\n");
  const field = (name: string) =>
    unfolded.filter((line) => line.toLowerCase().startsWith(`${name}:`)).join("|");
  const sender = input.returnPath ?? letter.from.address;
  const expected = (
    letter.replyTo !== undefined && names.includes("reply-to") ? [...ALWAYS, "reply-to"] : ALWAYS
  ).toSorted();
  const parts = text.match(/^Content-Type: text\/(?:plain|html)/gm) ?? [];
  return [
    ...(names.join() === expected.join() ? [] : [`fields: ${names}`]),
    ...(/[\r\n\0]/.test(lines.join("")) ? ["a bare line break or NUL"] : []),
    ...(lines.some((line) => /^[ \t]*$/.test(line)) ? ["an empty line"] : []),
    ...(lines.some((line) => line.length > 998) ? ["a line that is too long"] : []),
    ...(envelope.to.length === 1 && sameMailbox(envelope.to[0], input.to) ? [] : [`to ${envelope.to}`]),
    ...(sameMailbox(envelope.from, sender) ? [] : [`from ${envelope.from}`]),
    ...(addressesIn(field("to")) === 1 && addressesIn(field("from")) === 1 ? [] : ["more than one address"]),
    ...(parts.length === 2 ? [] : [`${parts.length} parts`]),
  ];
}

/** Outside of quotes and encoded words, each mailbox has one @. */
const addressesIn = (line: string): number =>
  (line.replace(/"(?:[^"\\]|\\.)*"/g, "").match(/@/g) ?? []).length;

/** The same local part, and the same domain in either of its forms. */
function sameMailbox(one: string | undefined, other: string): boolean {
  const read = (text: string) => {
    const at = text.lastIndexOf("@");
    return `${text.slice(0, at)}@${new URL(`https://${text.slice(at + 1)}`).hostname}`;
  };
  return one !== undefined && read(one) === read(other);
}

const nothingGetsThrough = (more?: RawMessageOptions) =>
  fc.asyncProperty(given, async (input) => {
    expect(faults(await written(input, more), input)).toEqual([]);
  });

test(`of ${GENERATED} hostile inputs in every field none adds a header, a recipient or a part`, async () => {
  await fc.assert(nothingGetsThrough(), { numRuns: GENERATED });
}, 600_000);

test("a header that is written as it was typed would be seen", async () => {
  const careless = { headers: ({ subject }: { subject: string }) => ({ "Feedback-ID": subject }) };
  const prepared = {
    headers: ({ listId }: { listId: { name: string } }) => ({
      "Feedback-ID": { prepared: true, value: listId.name } as unknown as string,
    }),
  };
  expect((await fc.check(nothingGetsThrough(careless), { numRuns: 300 })).failed).toBe(false);
  expect((await fc.check(nothingGetsThrough(prepared), { numRuns: 5000, endOnFailure: true })).failed).toBe(
    true,
  );
}, 120_000);
