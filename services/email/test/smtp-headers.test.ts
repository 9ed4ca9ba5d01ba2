import { describe, expect, test } from "vitest";
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
});

/** RFC 2047 encoded words, as a mail program shows them. */
const decodeWords = (text: string): string =>
  text
    .replace(/\?=\s+=\?/g, "?==?")
    .replace(/=\?UTF-8\?B\?([^?]*)\?=/gi, (_word, base64: string) => Buffer.from(base64, "base64").toString())
    .replace(/=\?UTF-8\?Q\?([^?]*)\?=/gi, (_word, quoted: string) =>
      decodeURIComponent(quoted.replaceAll("_", " ").replace(/%/g, "%25").replaceAll("=", "%")),
    );
