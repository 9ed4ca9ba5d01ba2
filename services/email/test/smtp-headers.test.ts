import { createLetters, letterList, sampleFacts } from "@waitlist/letters";
import PostalMime from "postal-mime";
import { describe, expect, test, vi } from "vitest";
import { letter, start, yes } from "./support/transport.ts";

/** The header's value, unfolded. */
const header = (source: string, name: string): string[] =>
  source
    .slice(0, source.indexOf("\r\n\r\n"))
    .replace(/\r\n[ \t]+/g, " ")
    .split("\r\n")
    .filter((line) => line.toLowerCase().startsWith(`${name.toLowerCase()}:`))
    .map((line) => line.slice(name.length + 1).trim());

describe("the headers", () => {
  test("say who, what list, that no person wrote it, and which mail it is", async () => {
    const { server, transport } = await start();
    await transport.send(letter("Ada.Lovelace@example.com", { replyTo: "team@example.com" }), yes);
    const [{ source, from, to } = { source: "", from: "", to: "" }] = server.inbox;
    expect({ from, to }).toEqual({ from: "waitlist@localhost", to: "Ada.Lovelace@example.com" });
    expect(header(source, "From")).toEqual(["First <waitlist@localhost>"]);
    expect(header(source, "To")).toEqual(["Ada.Lovelace@example.com"]);
    expect(header(source, "Reply-To")).toEqual(["team@example.com"]);
    expect(header(source, "Message-ID")).toEqual(["<stable@waitlist.example>"]);
    expect(header(source, "Auto-Submitted")).toEqual(["auto-generated"]);
    expect(header(source, "List-ID")).toEqual(['"First" <first.waitlist.example>']);
    expect(header(source, "Feedback-ID")).toEqual(["welcome:first:transactional:waitlist-exampl"]);
    expect(source).toContain("text/plain");
    expect(source).toContain("text/html");
  });

  test.for([
    "\r\nBcc: evil@example.com",
    "\nBcc: evil@example.com",
    "\r\n\r\nbody",
    "\rBcc: evil@example.com",
  ])("can't be added to by %j in a name or subject", async (injected) => {
    const { server, transport } = await start();
    const name = `List ${injected}`;
    const delivery = await transport.send(
      letter("a@example.com", {
        subject: `Welcome to ${injected}`,
        from: { name, address: "waitlist@localhost" },
        listId: { id: "first.waitlist.example", name },
      }),
      yes,
    );
    expect(delivery).toEqual({ kind: "accepted" });
    const [{ source } = { source: "" }] = server.inbox;
    expect(header(source, "Bcc")).toEqual([]);
    expect(header(source, "Subject")).toHaveLength(1);
    expect(server.inbox.map(({ to }) => to)).toEqual(["a@example.com"]);
  });

  test.for(["Łódź — 待ち", '"quoted" <b>', "a, b; c@d"])("carry the name %s whole", async (name) => {
    const { server, transport } = await start();
    await transport.send(letter("a@example.com", { from: { name, address: "waitlist@localhost" } }), yes);
    const [from = ""] = header(server.inbox[0]?.source ?? "", "From");
    expect(from.endsWith("<waitlist@localhost>")).toBe(true);
    expect(decodeWords(from).replaceAll("\\", "")).toContain(name);
  });
});

describe("one click to leave (RFC 8058)", () => {
  const token = `${"a".repeat(90)}.${"b".repeat(300)}.${"c".repeat(43)}`;
  const onWire = async (unsubscribeUrl: string) => {
    const { server, transport } = await start();
    await transport.send(letter("a@example.com", { unsubscribeUrl }), yes);
    const [{ source } = { source: "" }] = server.inbox;
    const head = source.slice(0, source.indexOf("\r\n\r\n"));
    return head.split("\r\n").filter((line) => /^(list-unsub|x-evil)/i.test(line));
  };

  test("stands on one line, whole and as it is, however long its token", async () => {
    const url = `https://waitlist.example/v1/unsubscribe/${token}`;
    expect(await onWire(url)).toEqual([
      `List-Unsubscribe: <${url}>`,
      "List-Unsubscribe-Post: List-Unsubscribe=One-Click",
    ]);
  });

  test.for([
    ["https://bücher.example/größe/t", "https://xn--bcher-kva.example/gr%C3%B6%C3%9Fe/t"],
    ["https://waitlist.example/>,<mailto:evil@example.com", undefined],
    ["https://waitlist.example/t\r\nX-Evil: yes", undefined],
  ] as const)("carries %j as an address and nothing else", async ([url, expected]) => {
    const [first = "", ...others] = await onWire(url);
    expect(first).toMatch(/^List-Unsubscribe: <https:\/\/[\x21-\x7e]+>$/);
    expect(first.match(/[<>]/g)).toHaveLength(2);
    if (expected) expect(first).toBe(`List-Unsubscribe: <${expected}>`);
    expect(others).toEqual(["List-Unsubscribe-Post: List-Unsubscribe=One-Click"]);
  });
});

describe("addresses of any script", () => {
  test.for([
    ["josé@example.com", true],
    ["ada@bücher.example", false],
    ["用户@例え.example", true],
    ["o'brien+list{a}|b@example.com", false],
  ] as const)("%s is written to; SMTPUTF8 is asked for: %s", async ([address, utf8]) => {
    const { server, transport } = await start();
    expect(await transport.send(letter(address), yes)).toEqual({ kind: "accepted" });
    expect(server.inbox).toMatchObject([{ to: address, utf8 }]);
  });

  test("a domain beyond ASCII goes over the wire in ASCII, in the envelope and in the headers", async () => {
    const { server, transport } = await start();
    const from = { name: "First", address: "team@bücher.example" };
    await transport.send(letter("ada@例え.example", { from }), yes);
    const [{ source, from: sender } = { source: "", from: "" }] = server.inbox;
    // The test's server shows domains as people write them.
    expect(sender).toBe("team@bücher.example");
    expect(header(source, "To")).toEqual(["ada@xn--r8jz45g.example"]);
    expect(header(source, "From")).toEqual(["First <team@xn--bcher-kva.example>"]);
  });

  test("where SMTPUTF8 isn't offered, an address that needs it fails for good, with that cause, and nothing is sent", async () => {
    const { server, transport } = await start({ utf8: false });
    const begin = vi.fn(yes);
    expect(await transport.send(letter("josé@example.com"), begin)).toEqual({
      ...{ kind: "refused", permanent: true, failure: { cause: "ENOSMTPUTF8" } },
    });
    expect(begin).not.toHaveBeenCalled();
    expect(await transport.send(letter("ada@bücher.example"), yes)).toEqual({ kind: "accepted" });
    expect(server.inbox).toHaveLength(1);
  });

  test("where the server can't be asked, the mail waits", async () => {
    const { server, transport } = await start();
    await server.stop();
    expect(await transport.send(letter("josé@example.com"), yes)).toMatchObject({ kind: "unreached" });
  });

  test("a Reply-To beyond ASCII is left out of a mail that is ASCII otherwise", async () => {
    const { server, transport } = await start();
    await transport.send(letter("a@example.com", { replyTo: "josé@example.com" }), yes);
    await transport.send(letter("josé@example.com", { replyTo: "josé@example.com" }), yes);
    expect(server.inbox.map(({ source }) => header(source, "Reply-To"))).toEqual([[], ["josé@example.com"]]);
    expect(server.inbox[0]?.source).toMatch(/^[\0-\x7f]*$/);
  });
});

describe("names and subjects of any script", () => {
  const TEXTS = [
    "Łódź — 待ち行列",
    "قائمة الانتظار الطويلة جدًا لمنتجنا الجديد، شكرًا لصبركم",
    "待".repeat(120),
    "👩‍🚀🏳️‍🌈".repeat(20),
    'a "quoted" \\ name, (with) <everything>; in: it',
  ];

  test.for(TEXTS)("%s is what a mail program reads", async (text) => {
    const { server, transport } = await start();
    const from = { name: text, address: "team@example.com" };
    const listId = { id: "first.waitlist.example", name: text };
    await transport.send(letter("a@example.com", { from, subject: text, listId }), yes);
    const [{ source } = { source: "" }] = server.inbox;
    const read = await PostalMime.parse(source);
    expect(read.from).toEqual(from);
    expect(read.subject).toBe(text);
    const [list = ""] = header(source, "List-ID");
    expect(list.endsWith(" <first.waitlist.example>")).toBe(true);
    // RFC 2047, 2: 75 characters a word; RFC 5322, 2.1.1: 998 a line.
    const words = source.slice(0, source.indexOf("\r\n\r\n")).match(/=\?[^?]*\?[BQ]\?[^?]*\?=/gi) ?? [];
    expect(words.every((word) => word.length <= 75)).toBe(true);
  });
});

test("an encoded word that somebody typed is shown as it was typed, but for a space", async () => {
  const { server, transport } = await start();
  const typed = "=?utf-8?Q?Your_bank?=";
  await transport.send(
    letter("a@example.com", { from: { name: typed, address: "a@b.example" }, subject: typed }),
    yes,
  );
  const { from, subject } = await PostalMime.parse(server.inbox[0]?.source ?? "");
  expect([from?.name, subject]).toEqual(["= ?utf-8?Q?Your_bank?=", "= ?utf-8?Q?Your_bank?="]);
});

describe("reports of what can't be delivered (RFC 3461)", () => {
  test("are asked for under the Message-ID, for failures alone, and go where the setting says", async () => {
    const { server, transport } = await start(undefined, "", { returnPath: "bounces@example.com" });
    await transport.send(letter("a@example.com"), yes);
    expect(server.inbox).toMatchObject([
      {
        from: "bounces@example.com",
        reports: { envelopeId: "stable@waitlist.example", notify: ["FAILURE"] },
      },
    ]);
    expect(header(server.inbox[0]?.source ?? "", "From")).toEqual(["First <waitlist@localhost>"]);
  });
});

/** RFC 2047 encoded words, as a mail program shows them. */
const decodeWords = (text: string): string =>
  text
    .replace(/\?=\s+=\?/g, "?==?")
    .replace(/=\?UTF-8\?B\?([^?]*)\?=/gi, (_word, base64: string) => Buffer.from(base64, "base64").toString())
    .replace(/=\?UTF-8\?Q\?([^?]*)\?=/gi, (_word, quoted: string) =>
      decodeURIComponent(quoted.replaceAll("_", " ").replace(/%/g, "%25").replaceAll("=", "%")),
    );

describe("the body", () => {
  const letters = createLetters();
  const urls = {
    statusUrl: "https://waitlist.example/v1/entries/x?token=a",
    leaveUrl: "https://waitlist.example/leave?token=a",
  };
  const quotedBytes = (text: string) =>
    Buffer.from(text).reduce((sum, byte) => sum + (byte > 126 || byte === 61 ? 3 : 1), 0);
  const base64Bytes = (text: string) => Math.ceil(Buffer.byteLength(text) / 3) * 4;

  async function sent(text: string, html: string) {
    const { server, transport } = await start();
    expect(await transport.send(letter("a@example.com", { text, html }), yes)).toEqual({ kind: "accepted" });
    const source = server.inbox[0]?.source ?? "";
    const encodings = [...source.matchAll(/^Content-Transfer-Encoding: (\S+)/gim)].map(([, name]) => name);
    return { source, encodings, read: await PostalMime.parse(source) };
  }

  test.for(["en", "fr", "ja", "ar"])("in %s comes out as it went in", async (locale) => {
    const facts = sampleFacts("welcome", { locale, now: 0, urls });
    const { text, html } = await letters.write(letterList("first", null, null), facts);
    const { source, read, encodings } = await sent(text, html);
    expect(read.text?.trim()).toBe(text.trim());
    expect(read.html?.trim()).toBe(html.trim());
    expect(source).not.toMatch(/[^\0-\x7f]/);
    expect(encodings).toHaveLength(2);
  });

  test.for([
    ["words in English", "Thank you for signing up. ".repeat(40), "quoted-printable"],
    [
      "words in French",
      "Merci de votre inscription, à bientôt : c’est noté. ".repeat(40),
      "quoted-printable",
    ],
    ["words in Japanese", "ご登録ありがとうございます。".repeat(40), "base64"],
    ["words in Arabic", "شكرا لتسجيلك في القائمة. ".repeat(40), "base64"],
    ["a ninth of two bytes", "abcdefghé".repeat(40), "base64"],
    ["a thirteenth of two bytes", "abcdefghijklé".repeat(40), "quoted-printable"],
  ] as const)(
    "of %s is written in the shorter encoding, and read again",
    async ([_what, words, encoding]) => {
      const { read, encodings } = await sent(words, words);
      expect(encodings).toEqual([encoding, encoding]);
      const shorter = quotedBytes(words) <= base64Bytes(words) ? "quoted-printable" : "base64";
      expect(encoding).toBe(shorter);
      expect(read.text?.trim()).toBe(words.trim());
      expect(read.html?.trim()).toBe(words.trim());
    },
  );
});
