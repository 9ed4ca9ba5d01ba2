// Whatever a signer or an admin types: it comes out as text, and never as a header, a recipient, a command or a part of its
// own. Seen in the message that is written, and in what a server of ours hears.
import { once } from "node:events";
import { connect } from "node:net";
import { Value } from "@sinclair/typebox/value";
import type { WaitlistDefinition } from "@waitlist/contracts";
import { WaitlistDefinition as Schema } from "@waitlist/contracts";
import { mailErrors, VARIABLES } from "@waitlist/letters";
import { createTokens } from "@waitlist/tokens";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createMessageWriter, type RawMessage, type RawMessageOptions } from "../src/adapters/raw-message.ts";
import { createSmtpTransport } from "../src/adapters/smtp-transport.ts";
import type { Letter } from "../src/domain/letters/letter.ts";
import type { Mail } from "../src/domain/mail.ts";
import type { MailTransport } from "../src/ports.ts";
import { createLetterWriter } from "../src/sending/letter-writer.ts";
import { CAUSED_AT, MAIL_NAMES, MAILS, type MailName } from "./support/mails.ts";
import { type RawSink, type Sunk, startRawSink } from "./support/raw-sink.ts";

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

/** A list's own template: text of any kind, without braces of its own, with variables between. */
const template = (maxLength: number) => hostile(maxLength).map((text) => text.replace(/[{}]/g, ""));
const locale = fc.oneof(fc.constantFrom("en", "de-AT", "ja", "ar", "pt_br"), hostile(35));

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
  logoUrl: maybe(hostile(60).map((text) => `https://socialode.example/${text}`)),
  locale: maybe(locale),
  timeZone: maybe(hostile(40)),
  /** As the signer typed them. */
  reader: fc.record(
    { name: fc.oneof(hostile(120), fc.constantFrom("Zoë", "José-Luis 名")), locale },
    { requiredKeys: [] },
  ),
  /** The list's own texts of this kind. */
  own: maybe(fc.record({ before: template(60), after: template(60), body: template(200) })),
  /** What a list's own words may come to, whatever its templates do. */
  words: maybe(fc.record({ subject: worded, text: worded, html: worded })),
  returnPath: maybe(fc.constant("bounces@example.com")),
});
type Given = typeof given extends fc.Arbitrary<infer T> ? T : never;

/** The list's own texts, as far as they could be defined; null where they couldn't. */
function ownTexts({ mail, own }: Given): Pick<WaitlistDefinition, "mails"> | null {
  if (!own) return null;
  const { kind } = MAILS[mail];
  const { needed, conditions } = VARIABLES[kind];
  const name = conditions.includes("name") ? "{{ name | default: 'friend' }}" : "";
  // Words of its own: a header without content would be left out.
  const subject = `Hello ${own.before} {{ list }} ${name} ${own.after}`;
  const link = needed === null ? "" : `[Go]({{ ${needed} }})\n\n`;
  const mails = { [kind]: { en: { subject, body: `${link}Hello ${name} ${own.body}` } } };
  return mailErrors(mails).length === 0 ? { mails } : null;
}

const withoutBlank = (fields: Record<string, string | undefined>) =>
  Object.fromEntries(Object.entries(fields).filter(([, text]) => text));

function definitionOf(input: Given): WaitlistDefinition {
  const { name, from, postalAddress, privacyUrl, logoUrl, urlTemplate, locale: listed, timeZone } = input;
  return Value.Default(Schema, {
    ...{ name, brand: withoutBlank({ postalAddress, privacyUrl, logoUrl }) },
    ...{ invites: withoutBlank({ urlTemplate }), ...withoutBlank({ locale: listed, timeZone }) },
    ...(from ? { from } : {}),
    ...ownTexts(input),
  }) as WaitlistDefinition;
}

async function letterOf(input: Given): Promise<Letter> {
  const inForce = {
    waitlistId: input.listId,
    offset: 0,
    eventId: "e0",
    definition: definitionOf(input),
    at: 0,
  };
  const write = createLetterWriter({
    definitions: { inForce: async () => inForce },
    tokens,
    config: { PUBLIC_URL: "https://waitlist.example", MAIL_FROM: input.mailFrom },
  });
  const mail: Mail = { ...MAILS[input.mail], waitlistId: input.listId };
  return { ...(await write(mail, input.to, input.reader)), ...input.words };
}

const written = (letter: Letter, { returnPath }: Given, more: RawMessageOptions = {}): Promise<RawMessage> =>
  createMessageWriter({ returnPath, ...more })(letter);

const ALWAYS = [
  ...["auto-submitted", "content-type", "date", "feedback-id", "from", "list-id", "list-unsubscribe"],
  ...["list-unsubscribe-post", "message-id", "mime-version", "subject", "to"],
];

/** What is wrong with a message's head and envelope, in words. */
function faults(letter: Letter, { envelope, raw }: RawMessage, input: Given): string[] {
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

/** What is wrong with what a server heard of one mail, in words. */
function faultsHeard(letter: Letter, heard: Sunk[], input: Given): string[] {
  const [only] = heard;
  if (!only || heard.length !== 1) return [`${heard.length} messages`];
  const [from, to, data, ...more] = only.commands;
  if (data !== "DATA" || more.length > 0) return [`commands: ${only.commands.join(" | ")}`];
  const envelope = {
    from: /^MAIL FROM:<([^<>\s]+)>(?: [\x21-\x7e]+)*$/.exec(from ?? "")?.[1] ?? "none@none.example",
    to: [/^RCPT TO:<([^<>\s]+)>(?: [\x21-\x7e]+)*$/.exec(to ?? "")?.[1] ?? "none@none.example"],
  };
  return faults(letter, { envelope, raw: Buffer.from(only.source, "latin1") }, input);
}

let sink: RawSink;
const transports = new Map<string | undefined, MailTransport>();

beforeAll(async () => {
  sink = await startRawSink();
});
afterAll(async () => {
  for (const transport of transports.values()) transport.close();
  await sink.stop();
});

/** Sent as the service does it, and what the server heard of it. */
async function heardOf(letter: Letter, { returnPath }: Given): Promise<Sunk[]> {
  const log = { debug: () => undefined };
  const transport =
    transports.get(returnPath) ?? createSmtpTransport({ url: sink.url, connections: 1, returnPath, log });
  transports.set(returnPath, transport);
  expect(await transport.send(letter, async () => true)).toEqual({ kind: "accepted" });
  return sink.take();
}

const nothingGetsThrough = (more?: RawMessageOptions) =>
  fc.asyncProperty(given, async (input) => {
    const letter = await letterOf(input);
    expect(faults(letter, await written(letter, input, more), input)).toEqual([]);
  });

/** How many of the inputs were what they are meant to be. */
const met = { ownTexts: 0, greetings: 0, kinds: new Set<MailName>() };

test(`of ${GENERATED} hostile inputs in every field none adds a header, a recipient, a command or a part`, async () => {
  const property = fc.asyncProperty(given, async (input) => {
    const letter = await letterOf(input);
    expect(faults(letter, await written(letter, input), input)).toEqual([]);
    expect(faultsHeard(letter, await heardOf(letter, input), input)).toEqual([]);
    met.kinds.add(input.mail);
    if (ownTexts(input)) met.ownTexts += 1;
    if (input.reader.name && letter.text.includes(input.reader.name)) met.greetings += 1;
  });
  await fc.assert(property, { numRuns: GENERATED });
  expect(met.kinds.size).toBe(MAIL_NAMES.length);
  expect(met.ownTexts).toBeGreaterThan(GENERATED / 10);
  expect(met.greetings).toBeGreaterThan(GENERATED / 100);
}, 1_200_000);

test("a header that is written as it was typed would be seen", async () => {
  const prepared = {
    headers: ({ listId }: { listId: { name: string } }) => ({
      "Feedback-ID": { prepared: true, value: listId.name } as unknown as string,
    }),
  };
  expect((await fc.check(nothingGetsThrough(prepared), { numRuns: 5000, endOnFailure: true })).failed).toBe(
    true,
  );
}, 120_000);

test("a command or a message that a mail's content smuggles in would be heard", async () => {
  const [input] = fc.sample(given, { numRuns: 1, seed: 1 });
  if (!input) throw new Error("nothing was generated");
  const letter = await letterOf(input);
  const { raw } = await written(letter, input);
  const say = async (...lines: string[]) => {
    const socket = connect(sink.port, "127.0.0.1");
    socket.resume().end(`${lines.join("\r\n")}\r\n.\r\nQUIT\r\n`);
    await once(socket, "close");
    return faultsHeard(letter, sink.take(), input);
  };
  const sender = input.returnPath ?? letter.from.address;
  const envelope = [`MAIL FROM:<${sender}>`, `RCPT TO:<${input.to}>`];
  const message = raw.toString("latin1");
  expect(await say(...envelope, "DATA", message)).toEqual([]);
  expect(await say(...envelope, "RCPT TO:<evil@example.com>", "DATA", message)).toEqual([
    expect.stringMatching("commands"),
  ]);
  expect(await say(...envelope, "DATA", `${message}\r\n.\r\nRCPT TO:<evil@example.com>`)).toEqual([
    expect.stringMatching("messages"),
  ]);
  expect(await say(...envelope, "DATA", `Bcc: evil@example.com\r\n${message}`)).toEqual([
    expect.stringMatching("fields"),
  ]);
});
