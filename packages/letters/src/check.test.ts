import type { MailKind } from "@waitlist/contracts";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { mailErrors } from "./check.ts";
import { LANGUAGES } from "./languages.ts";
import { createLetters } from "./letters.ts";
import { letterList } from "./list.ts";
import { SAMPLE_URLS } from "./pictures/scenes.ts";
import { sampleFacts } from "./sample.ts";

const INVITE = "[Come in]({{ inviteUrl }})";
const errorsOf = (kind: MailKind, body: string, subject = "S") =>
  mailErrors({ [kind]: { en: { subject, body } } });
const bodyError = (kind: MailKind, body: string) => {
  const [first] = errorsOf(kind, body);
  if (first) expect(first.path).toBe(`/mails/${kind}/en/body`);
  return first?.message ?? null;
};

test("our own texts are such that a list could have them", () => {
  for (const { tag, letters } of LANGUAGES) {
    for (const [kind, { subject, body }] of Object.entries(letters)) {
      expect(
        mailErrors({ [kind]: { [tag]: { subject, body: body.join("\n\n") } } }),
        `${tag} ${kind}`,
      ).toEqual([]);
    }
  }
});

describe("a list's own text", () => {
  test.each<[MailKind, string]>([
    ["welcome", "Just words, <b>tags</b> & all, at 100 %, {curly} braces too."],
    ["invite", `${INVITE}\n\nHello {{ name | default: 'friend' }}.`],
    ["invite", `{% if name %}Hi {{ name }}, {% else %}Hi, {% endif %}${INVITE}`],
    ["invite", `{%- unless name -%} Hi {%- endunless -%} ${INVITE}`],
    ["already", "{% if pending or invited %}[a]({{ placeUrl }}){% else %}[b]({{ placeUrl }}){% endif %}"],
    ["expired", "{% if requeued and name %}{{ name }}{% endif %} is it."],
    ["welcome", "[site](https://a.example) <https://b.example/?q=1> [mail](mailto:team@a.example)"],
  ])("of %s may be %j", (kind, body) => expect(bodyError(kind, body)).toBeNull());

  test.each<[MailKind, string, RegExp]>([
    ["invite", "{{ nmae }}", /no variable nmae: .*list, position, name, code/],
    ["invite", "{{ name.constructor }}", /a variable alone/],
    ["invite", "{{ name[0] }}", /a variable alone/],
    ["invite", "{{ constructor }}", /no variable constructor/],
    ["invite", "{{ __proto__ }}", /no variable __proto__/],
    ["invite", "{{ name | upcase }}", /undefined filter/],
    ["invite", "{{ name | default: position }}", /a variable alone/],
    ["invite", "{{ (1..100000000) }}", /a variable alone/],
    ["invite", "{{ 'x' }}", /a variable alone/],
    ["invite", "{{ name", /not closed/],
    ["invite", "{% if name %}", /not closed/],
    ["invite", "{% endif %}", /not a template/],
    ["invite", "{% for x in (1..9) %}{% endfor %}", /"for" not found/],
    ["invite", "{% include 'secrets' %}", /"include" not found/],
    ["invite", "{% render 'secrets' %}", /"render" not found/],
    ["invite", "{% assign a = 1 %}", /"assign" not found/],
    ["invite", "{% raw %}{% endraw %}", /"raw" not found/],
    ["invite", "{% liquid echo name %}", /"liquid" not found/],
    ["invite", "{% if name == 'Ada' %}{% endif %}", /can be asked only for name/],
    ["invite", "{% if position %}{% endif %}", /can be asked only for name/],
    ["welcome", "{% if list %}{% endif %}", /nothing to ask for/],
    ["already", "{{ pending }}", /can't show pending/],
    ["welcome", "{{ name }}", /no variable name/],
    ["confirmation", "{{ name }}", /no variable name/],
    ["already", "{{ name }}", /no variable name/],
    ["confirmation", "{{ statusUrl }}", /no variable statusUrl/],
    ["confirmation", "Please confirm.", /a link to {{ confirmUrl }}/],
    ["confirmation", "{{ confirmUrl }}", /a link to {{ confirmUrl }}/],
    ["already", "{% if pending %}[a]({{ placeUrl }}){% endif %} x", /a link to {{ placeUrl }}/],
    ["invite", `{% if name %}${INVITE}{% endif %} x`, /a link to {{ inviteUrl }}/],
    ["expired", "{% if requeued %}x{% endif %}", /blank in some/],
    ["welcome", "\n \n", /blank/],
    ["welcome", "[x](javascript:alert(1))", /a link whose address/],
    ["welcome", "[x](data:text/html,x)", /a link whose address/],
    ["welcome", "[x](/relative)", /a link whose address/],
    ["welcome", "[x][1]\n\n[1]: vbscript:x", /a link whose address/],
    ["welcome", "[x](https://a.example/{{ position }})", /in the middle/],
    ["welcome", "[x]({{ list }})", /in the middle/],
    ["welcome", "[x](https://a.example)\n\n".repeat(13), /more than 12/],
    ["invite", `${INVITE} ${"{{ name }}".repeat(200)}`, /too large/],
    ["welcome", "a\n\n".repeat(1900), /too large/],
  ])("of %s is refused for %j", (kind, body, message) => expect(bodyError(kind, body)).toMatch(message));

  test("is refused with the field and language that is wrong, each kind by itself", () => {
    const good = { subject: "S", body: "B" };
    const bad = { subject: "{{ x }}", body: "{{ y }}" };
    expect(
      mailErrors({ welcome: { en: good, de: bad }, expired: { fr: { ...good, body: "{{ code }}" } } }),
    ).toEqual([
      { path: "/mails/welcome/de/subject", message: expect.stringContaining("no variable x") },
      { path: "/mails/welcome/de/body", message: expect.stringContaining("no variable y") },
      { path: "/mails/expired/fr/body", message: expect.stringContaining("no variable code") },
    ]);
  });

  test("is refused in a language that is there already", () => {
    const text = { subject: "S", body: "B" };
    expect(mailErrors({ welcome: { "pt-BR": text, pt_br: text } })).toMatchObject([
      { path: "/mails/welcome/pt_br" },
    ]);
  });

  test("has a subject in every mail", () => {
    expect(errorsOf("invite", INVITE, "{% if name %}{{ name }}{% endif %}")).toEqual([
      { path: "/mails/invite/en/subject", message: "is blank in some of the mails" },
    ]);
  });
});

test("whatever is not refused can be written, stays below 100 KB, and has the ways out", async () => {
  const letters = createLetters();
  const pieces = [
    ...[
      "# ",
      "> ",
      "- ",
      "1. ",
      "\n",
      "\n\n",
      "**",
      "`",
      "---\n",
      "[a](https://a.example)",
      "[",
      "](",
      ")",
      "<b>",
    ],
    ...[
      "{{ position }}",
      "{{ statusUrl }}",
      "[b]({{ statusUrl }})",
      "{{ list }}",
      "{% if",
      "%}",
      "{{",
      "}}",
      "word ",
      "&amp;",
    ],
  ];
  const body = fc
    .array(fc.constantFrom(...pieces), { minLength: 1, maxLength: 60 })
    .map((all) => all.join(""));
  let written = 0;
  await fc.assert(
    fc.asyncProperty(body, async (text) => {
      if (errorsOf("welcome", text).length > 0) return;
      written += 1;
      const of = {
        ...letterList("l", null, written),
        mails: { welcome: { en: { subject: "S", body: text } } },
      };
      const made = await letters.write(of, sampleFacts("welcome", { now: 0, urls: SAMPLE_URLS }));
      expect(Buffer.byteLength(made.html)).toBeLessThan(100_000);
      expect(made.subject).toBe("S");
      expect(made.html).toContain(SAMPLE_URLS.leaveUrl);
      expect(made.html).not.toMatch(/qz\d+q/);
      expect(made.text).toContain(SAMPLE_URLS.leaveUrl);
    }),
    { numRuns: 150 },
  );
  expect(written).toBeGreaterThan(20);
});

describe("with addresses as long as they may be", () => {
  /** 2,048 characters, most of them five bytes in HTML. */
  const longest = (end: string) => `https://app.example/?${"&".repeat(2048 - 21 - end.length)}${end}`;
  const definition = {
    invites: { lifetimeHours: 168, reclaim: false, requeue: "no" as const, urlTemplate: longest("{code}") },
    brand: { logoUrl: longest("l"), privacyUrl: longest("p"), postalAddress: "&".repeat(500) },
  };
  const inviteUrl = longest("{code}").replace("{code}", "ABCD-EFGH-2345");
  const mailsWith = (links: number, words: number) => ({
    invite: { en: { subject: "S", body: `${`${INVITE}\n\n`.repeat(links)}${"& ".repeat(words)}` } },
  });

  async function bytesOf(mails: ReturnType<typeof mailsWith>) {
    const list = { ...letterList("l", null, null), ...definition.brand, mails };
    const facts = sampleFacts("invite", { now: 0, urls: { ...SAMPLE_URLS, inviteUrl } });
    return Buffer.byteLength((await createLetters().write(list, facts)).html);
  }

  test("the largest text that is taken makes a mail below 100 KB, and one that would not is refused", async () => {
    const taken = [0, 1, 2, 3, 4, 6, 8].flatMap((links) =>
      [0, 500, 1000, 2000, 2900].flatMap((words) => {
        const mails = mailsWith(links, words);
        return mailErrors(mails, definition).length === 0 ? [mails] : [];
      }),
    );
    expect(taken.length).toBeGreaterThan(3);
    for (const mails of taken) expect(await bytesOf(mails)).toBeLessThan(100_000);
    const tooLarge = mailsWith(8, 0);
    expect(await bytesOf(tooLarge)).toBeGreaterThan(100_000);
    expect(mailErrors(tooLarge, definition)).toEqual([
      { path: "/mails/invite/en/body", message: "makes a mail that is too large" },
    ]);
    expect(mailErrors(tooLarge)).toEqual([]);
  });
});
