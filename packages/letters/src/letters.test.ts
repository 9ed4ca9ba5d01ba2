import { Value } from "@sinclair/typebox/value";
import { MAIL_KINDS, WaitlistDefinition } from "@waitlist/contracts";
import { describe, expect, test } from "vitest";
import { LANGUAGES } from "./languages.ts";
import { createLetters, type LetterFacts } from "./letters.ts";
import { letterList } from "./list.ts";
import { SCENES } from "./pictures/scenes.ts";
import { sampleFacts } from "./sample.ts";

const letters = createLetters();
const urls = {
  statusUrl: "https://waitlist.example/v1/entries/x?token=a&b=c",
  confirmUrl: "https://waitlist.example/confirm?token=a&b=c",
  placeUrl: "https://waitlist.example/place?token=a&b=c",
  inviteUrl: "https://app.example/join?code=7KQM&a=b",
  leaveUrl: "https://waitlist.example/leave?token=a&b=c",
};
const NOW = Date.parse("2026-05-08T17:00:00Z");
let offset = 0;
const list = (definition: object = {}) =>
  letterList(
    "socialode",
    Value.Default(WaitlistDefinition, { name: "Socialode", ...definition }) as never,
    offset++,
  );
const facts = (kind: LetterFacts["kind"], more: Partial<LetterFacts> = {}) => ({
  ...sampleFacts(kind, { now: NOW, urls }),
  ...more,
});
const write = (kind: LetterFacts["kind"], more: Partial<LetterFacts> = {}, definition: object = {}) =>
  letters.write(list(definition), facts(kind, more));

const linksIn = (html: string) =>
  [...html.matchAll(/href="([^"]*)"/g)].map(([, url = ""]) => url.replaceAll("&amp;", "&"));

describe.each(LANGUAGES.map(({ tag, direction }) => ({ tag, direction })))(
  "in $tag",
  ({ tag, direction }) => {
    const scenes = SCENES.filter(({ name }) => name.startsWith(`${tag}.`));

    test("every mail is there, below the size at which mail programs cut it, and complete", async () => {
      expect(new Set(scenes.map((scene) => scene.facts.kind))).toEqual(new Set(MAIL_KINDS));
      for (const { name, list: of, facts: about } of scenes) {
        const { subject, text, html } = await letters.write(of, about);
        expect(Buffer.byteLength(html), name).toBeLessThan(40_000);
        expect(html, name).toContain(`<html lang="${tag}" dir="${direction}"`);
        expect(subject, name).toContain("Socialode");
        expect(subject + text, name).not.toMatch(/[{}]|undefined|null|qz\d/);
        expect(html, name).not.toMatch(/\{\{|\{%|undefined|qz\d+q/);
        expect(text, name).not.toMatch(/[<>]|&\w+;/);
      }
    });

    test("the text has every link of the HTML, whole and in the same order", async () => {
      for (const { name, list: of, facts: about } of scenes) {
        const { text, html } = await letters.write(of, about);
        const links = linksIn(html);
        expect(links.length, name).toBeGreaterThan(2);
        expect(
          [...text.matchAll(/https?:\/\/\S+/g)].map(([url]) => url),
          name,
        ).toEqual(links);
      }
    });

    test("each mail has another subject, in its own words", async () => {
      const subjects = await Promise.all(
        scenes.map(async (scene) => (await letters.write(scene.list, scene.facts)).subject),
      );
      // Those to who waits and who is invited are alike, as are the two of an expired invite.
      expect(new Set(subjects).size).toBe(scenes.length - 2);
      const english = await write("welcome");
      if (tag !== "en") expect((await write("welcome", { locale: tag })).text).not.toBe(english.text);
    });
  },
);

describe("the language", () => {
  const own = (...tags: string[]) => ({
    mails: {
      welcome: Object.fromEntries(tags.map((tag) => [tag, { subject: `in ${tag}`, body: "Hello." }])),
    },
  });

  test.each<[reader: string | undefined, listed: string, subject: RegExp]>([
    ["de", "en", /^Du bist/],
    ["de-AT", "en", /^Du bist/],
    ["DE_at", "en", /^Du bist/],
    ["pt", "en", /^Você/],
    ["pt-PT", "en", /^Você/],
    ["nl", "fr", /^Vous/],
    ["nl", "sv", /^You're/],
    [undefined, "ja", /^Socialodeの/],
    ["zh-Hant-TW", "es-MX", /^Tienes/],
  ])("of %s on a list in %s is the nearest that there is", async (locale, listed, subject) => {
    expect((await write("welcome", { locale }, { locale: listed })).subject).toMatch(subject);
  });

  test.each<[reader: string | undefined, texts: string[], subject: string]>([
    ["de", ["en", "de"], "in de"],
    ["de-AT", ["de", "de-CH"], "in de"],
    ["de-AT", ["de-CH", "de_AT"], "in de_AT"],
    ["de", ["de-CH"], "in de-CH"],
    ["nl-BE", ["nl", "en"], "in nl"],
    ["xx", ["nl", "en"], "in en"],
    ["fr", ["en"], "Vous êtes n°\u00a042 sur la liste d’attente de Socialode"],
  ])("of %s, where the list has %j of its own, is %s", async (locale, texts, subject) => {
    const written = await write("welcome", { locale }, own(...texts));
    // Ours in the very language comes before a neighbour of the list's own.
    if (locale === "de" && texts[0] === "de-CH") expect(written.subject).toMatch(/^Du bist/);
    else expect(written.subject).toBe(subject);
  });

  test("that we don't have is framed in the list's, and runs its own way", async () => {
    const { html, text } = await write("welcome", { locale: "he" }, { ...own("he"), locale: "de" });
    expect(html).toContain('<html lang="he" dir="rtl"');
    expect(text).toContain("Warteliste verlassen: https://");
  });

  test("is the reader's for dates and numbers, too, in the list's time zone", async () => {
    const text = async (locale: string, timeZone = "Europe/Berlin") =>
      (await write("invite", { locale, position: 12_345 }, { timeZone })).text;
    expect(await text("en")).toMatch(/12,345[\s\S]*Friday,? 15 May 2026 at 19:00 (CEST|GMT\+2)/);
    expect(await text("en-US")).toMatch(/Friday, May 15, 2026 at 07:00 PM GMT\+2/);
    expect(await text("de-AT")).toMatch(/Freitag, 15\. Mai 2026 um 19:00 MESZ/);
    expect(await text("ja")).toContain("2026年5月15日金曜日 19:00");
    expect(await text("ar-EG")).toMatch(/12,345[\s\S]*15 مايو 2026/);
    expect(await text("en", "Mars/Olympus")).toMatch(/17:00 UTC/);
  });
});

describe.each([
  { locale: "en", direction: "ltr", align: "left" },
  { locale: "ar", direction: "rtl", align: "right" },
])("the layout in $locale", ({ locale, direction, align }) => {
  test("is one of tables, at most 600 pixels wide, that runs the right way", async () => {
    const { html } = await write("welcome", { locale });
    expect(html).toContain(`<html lang="${locale}" dir="${direction}"`);
    const tables = [...html.matchAll(/<table[^>]*>/g)].map(([table]) => table);
    expect(tables.length).toBeGreaterThan(5);
    for (const table of tables) expect(table).toContain('role="presentation"');
    const body = html.slice(html.indexOf("<body"));
    const widths = [...body.matchAll(/(?:max-width|width):\s*(\d+)px/g)].map(([, width]) => Number(width));
    expect(Math.max(...widths)).toBe(600);
    expect(html).toMatch(new RegExp(`text-align:\\s*${align}`));
    expect(html).toMatch(new RegExp(`direction:\\s*${direction}`));
  });

  test("has its looks inlined: without the style sheet nothing but the dark colours is lost", async () => {
    const { html } = await write("welcome", { locale });
    expect(html).not.toMatch(/<link|@import|<script/);
    const body = html.slice(html.indexOf("<body"));
    expect(body).not.toContain("<style");
    const shown = [...body.matchAll(/<(?:p|a|h1)\b[^>]*>/g)].map(([tag]) => tag);
    expect(shown.length).toBeGreaterThan(5);
    for (const tag of shown) expect(tag).toMatch(/ style="[^"]+"/);
  });

  test("is dark where the reader's program is, by its own setting or by Outlook's", async () => {
    const { html } = await write("welcome", { locale });
    expect(html).toContain('<meta name="color-scheme" content="light dark">');
    const dark = html.slice(html.indexOf("@media (prefers-color-scheme: dark)"));
    for (const sheet of [
      dark.slice(0, dark.indexOf("[data-ogsc]")),
      dark.slice(dark.indexOf("[data-ogsc]")),
    ]) {
      expect(sheet).toMatch(/\.page[^{]*\{[^}]*background/);
      expect(sheet).toMatch(/\.ink[^{]*\{[^}]*color/);
    }
  });
});

describe("a list's brand", () => {
  const brand = {
    logoUrl: "https://socialode.example/logo.png?a=b&c=d",
    color: "#000000",
    privacyUrl: "https://socialode.example/privacy",
    postalAddress: "1 Main St\n<b>Springfield</b>",
  };

  test.each(MAIL_KINDS)("and the ways out are in the mail %s, whatever an admin wrote", async (kind) => {
    const body = "[a]({{ leaveUrl }}) ";
    const link = {
      confirmation: "confirmUrl",
      already: "placeUrl",
      invite: "inviteUrl",
      reminder: "inviteUrl",
    }[kind as "invite"];
    const mails = { [kind]: { en: { subject: "S", body: body + (link ? `[b]({{ ${link} }})` : "") } } };
    const { text, html } = await write(kind, {}, { brand, mails });
    expect(html).toContain('src="https://socialode.example/logo.png?a=b&amp;c=d"');
    expect(html).toContain("&lt;b&gt;Springfield&lt;/b&gt;");
    for (const part of [
      "1 Main St\n<b>Springfield</b>\n",
      "Leave the waitlist: https://",
      "Privacy: https://",
    ]) {
      expect(text).toContain(part);
    }
    expect(linksIn(html).slice(-2)).toEqual([urls.leaveUrl, brand.privacyUrl]);
  });

  test("has a button whose words can be read on its colour, and whose edge can be seen", async () => {
    const { html } = await write("welcome", {}, { brand: { color: "#ffffff" } });
    expect(html).toMatch(/background:#ffffff;[^"]*color:#111827/);
    expect(html).toContain("border:1px solid #9ca3af");
  });
});

describe("a letter", () => {
  test("is laid out once for each definition, language and shape: the values alone are new", async () => {
    const of = list();
    await letters.write(of, facts("invite"));
    const again = await letters.write({ ...of, name: "Other" }, facts("invite", { position: 7 }));
    expect(again.text).toContain("You were number 7 on the list, and here is your invite to Socialode.");
    expect((await letters.write({ ...of, name: "Other", version: "2" }, facts("invite"))).text).toContain(
      "Other",
    );
  });

  test("says which value it lacks", async () => {
    await expect(write("invite", { code: undefined })).rejects.toThrow("without its code");
  });

  test("goes out in our words where the list's own can't be read any more", async () => {
    const mails = { welcome: { en: { subject: "S", body: "{{ gone }}" } } };
    expect((await write("welcome", {}, { mails })).subject).toBe(
      "You're number 42 on the Socialode waitlist",
    );
  });
});
