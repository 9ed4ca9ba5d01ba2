// Nothing that anybody typed is markup in a mail: neither HTML, nor Markdown, nor Liquid, nor another line.
import { MAIL_KINDS } from "@waitlist/contracts";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createLetters, type LetterFacts } from "./letters.ts";
import { letterList } from "./list.ts";
import { SAMPLE_URLS } from "./pictures/scenes.ts";
import { sampleFacts } from "./sample.ts";
import { greetingName } from "./typed-name.ts";

const letters = createLetters({ max: 5000 });
const list = letterList("socialode", null, 0);
const about = (kind: LetterFacts["kind"], more: Partial<LetterFacts>): LetterFacts => ({
  ...sampleFacts(kind, { now: 0, urls: SAMPLE_URLS }),
  ...more,
});

const PIECES = [
  ...[
    "<b>",
    "</p>",
    "<script>alert(1)</script>",
    "<img src=x onerror=y>",
    '"',
    "'",
    "&",
    "&lt;",
    "<!--",
    "-->",
  ],
  ...["**", "__", "`", "[x](https://evil.example)", "![x](y)", "# ", "> ", "- ", "\n\n", "\n", "\r\n", "---"],
  ...[
    "{{ code }}",
    "{% if name %}",
    "{{",
    "}}",
    "qz0qnamezq",
    "qz0qpart0zq",
    "zq",
    "\u2028",
    "\u202e",
    "\\",
    "$&",
    "$1",
  ],
  ...["Ada", "Zoë", "漢字", "مرحبا", " ", "O'Brien"],
];
const typed = fc.oneof(
  fc.array(fc.constantFrom(...PIECES), { minLength: 1, maxLength: 6 }).map((pieces) => pieces.join("")),
  fc.string({ unit: "binary", maxLength: 40 }),
);

const tagsIn = (html: string) => [...html.matchAll(/<[^>]*>/g)].map(([tag]) => tag.replace(/="[^"]*"/g, ""));
const escaped = (text: string) =>
  text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;")
    .replaceAll("'", "&#39;");

describe("a typed name", () => {
  test("stands in the mails that know it exactly as it is, and changes nothing about them", async () => {
    const usual = await letters.write(list, about("invite", { name: "Ada" }));
    await fc.assert(
      fc.asyncProperty(typed, async (name) => {
        const { subject, text, html } = await letters.write(list, about("invite", { name }));
        const shown = greetingName(name);
        if (shown === undefined) return;
        expect(html).toBe(usual.html.replace("<bdi>Ada</bdi>", () => `<bdi>${escaped(shown)}</bdi>`));
        expect(text).toBe(usual.text.replace("Ada", () => shown));
        expect(subject).toBe(usual.subject);
      }),
      { numRuns: 500 },
    );
  });

  test("is not in the mails that somebody may get first", async () => {
    for (const kind of ["confirmation", "welcome", "already"] as const) {
      const without = await letters.write(list, about(kind, { name: undefined }));
      await fc.assert(
        fc.asyncProperty(typed, async (name) => {
          expect(await letters.write(list, about(kind, { name }))).toEqual(without);
        }),
        { numRuns: 50 },
      );
    }
  });

  test.each([
    ["Ada", "Ada"],
    ["  Ada \t Lovelace ", "Ada Lovelace"],
    ["J. R. R. Tolkien", "J. R. R. Tolkien"],
    ["María José Carreño Quiñones", "María José Carreño Quiñones"],
    ["山田 太郎", "山田 太郎"],
    ["O'Brien & Söhne <3", "O'Brien & Söhne <3"],
    ["A\u202eda\u200b", "Ada"],
    ["", undefined],
    ["   ", undefined],
    ["x".repeat(61), undefined],
    ["Win at evil.example", undefined],
    ["https://evil.example", undefined],
    ["www.evil", undefined],
    ["ada@example.com", undefined],
    ["Call +1 5551234567", undefined],
    ["a/b", undefined],
  ])("%j is greeted as %j", (name, greeting) => {
    expect(greetingName(name)).toBe(greeting);
  });
});

describe("what an admin names the list", () => {
  test("is shown and never run, in every mail", async () => {
    for (const kind of MAIL_KINDS) {
      const usual = await letters.write({ ...list, version: `usual ${kind}` }, about(kind, {}));
      await fc.assert(
        fc.asyncProperty(typed, async (name) => {
          const of = { ...list, name, version: `${kind} ${name}` };
          const { subject, html } = await letters.write(of, about(kind, {}));
          expect(tagsIn(html)).toEqual(tagsIn(usual.html));
          expect(subject).not.toMatch(/[\p{Cc}\u2028\u2029]/u);
        }),
        { numRuns: 15 },
      );
    }
  });
});

test("a subject is one line, whatever a list's own text or a value holds", async () => {
  await fc.assert(
    fc.asyncProperty(typed, typed, async (name, words) => {
      const plain = words.replace(/[{}\s\p{Cc}]/gu, " ");
      const subject = `${plain} x {{ name | default: "you" }} {{ list }}`;
      const mails = { invite: { en: { subject, body: "[a]({{ inviteUrl }})" } } };
      const of = { ...list, mails, name: `Li\r\nst ${name}`, version: `${name} ${words}` };
      const written = await letters.write(of, about("invite", { name }));
      expect(written.subject).not.toMatch(/[\p{Cc}\u2028\u2029]/u);
    }),
    { numRuns: 60 },
  );
});

test("by this reading, a name that were markup would be seen", () => {
  expect(tagsIn("<p>a</p>")).not.toEqual(tagsIn("<p><b>a</b></p>"));
  expect(tagsIn('<a href="x">')).not.toEqual(tagsIn('<a href="x" onclick="y">'));
});
