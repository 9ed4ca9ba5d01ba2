import { afterEach, describe, expect, test, vi } from "vitest";
import { createSmtpTransport } from "../src/adapters/smtp-transport.ts";
import type { Letter } from "../src/domain/letters/letter.ts";
import type { MailTransport } from "../src/ports.ts";
import { byName, type Script, type ScriptedServer, startSmtpServer } from "./support/smtp.ts";

const log = { debug: () => undefined };
const yes = async () => true;
let server: ScriptedServer | undefined;
let transport: MailTransport | undefined;

afterEach(async () => {
  transport?.close();
  await server?.stop();
});

const letter = (to: string, more: Partial<Letter> = {}): Letter => ({
  messageId: "<stable@waitlist.example>",
  listId: { id: "first.waitlist.example", name: "First" },
  from: { name: "First", address: "waitlist@localhost" },
  to,
  subject: "Hello",
  text: "Hello\n.\nthere",
  html: "<p>Hello</p>",
  ...more,
});

async function start(script: Script = { behaviour: byName }, query = "") {
  const started = await startSmtpServer(script);
  server = started;
  const made = createSmtpTransport({ url: started.url + query, connections: 1, log });
  transport = made;
  return { server: started, transport: made };
}

/** The header's value, unfolded. */
const header = (source: string, name: string): string[] =>
  source
    .slice(0, source.indexOf("\r\n\r\n"))
    .replace(/\r\n[ \t]+/g, " ")
    .split("\r\n")
    .filter((line) => line.toLowerCase().startsWith(`${name.toLowerCase()}:`))
    .map((line) => line.slice(name.length + 1).trim());

describe.for([true, false])("a server with pipelining: %s", (pipelining) => {
  test.for([
    ["take", { kind: "accepted" }, 1],
    ["rcpt-451", { kind: "refused", permanent: false, failure: { replyCode: 451, command: "RCPT TO" } }, 0],
    ["rcpt-550", { kind: "refused", permanent: true, failure: { replyCode: 550, command: "RCPT TO" } }, 0],
    ["cut-at-rcpt", { kind: "unreached" }, 0],
    ["cut-at-data", { kind: "unreached" }, 0],
    ["cut-in-message", { kind: "unanswered" }, 0],
    ["cut-after-dot", { kind: "unanswered" }, 1],
    ["message-452", { kind: "refused", permanent: false, failure: { replyCode: 452, command: "DATA" } }, 0],
    ["message-554", { kind: "refused", permanent: true, failure: { replyCode: 554, command: "DATA" } }, 0],
  ] as const)("that does '%s' is understood, and asked once", async ([what, expected, received]) => {
    const { server, transport } = await start({ behaviour: byName, pipelining }, "?maxRequeues=5");
    // On a connection that has carried a mail before, too: nodemailer treats those otherwise.
    for (const address of [`${what}@example.com`, "before@example.com", `${what}.again@example.com`]) {
      const delivery = await transport.send(letter(address), yes);
      if (address.startsWith(what)) expect(delivery).toMatchObject(expected);
      else expect(delivery).toEqual({ kind: "accepted" });
      expect(server.tries.get(address)).toBe(1);
    }
    expect(server.inbox.filter(({ to }) => to.startsWith(what))).toHaveLength(received * 2);
  });
});

describe("the last question before the message", () => {
  test("is asked once the envelope is taken, and not before", async () => {
    const { transport } = await start();
    const begin = vi.fn(yes);
    await transport.send(letter("rcpt-550@example.com"), begin);
    await transport.send(letter("cut-at-rcpt@example.com"), begin);
    expect(begin).not.toHaveBeenCalled();
    await transport.send(letter("take@example.com"), begin);
    expect(begin).toHaveBeenCalledTimes(1);
  });

  test("answered with no, keeps the message here", async () => {
    const { server, transport } = await start();
    expect(await transport.send(letter("a@example.com"), async () => false)).toEqual({ kind: "withheld" });
    expect(await transport.send(letter("b@example.com"), yes)).toEqual({ kind: "accepted" });
    expect(server.inbox.map(({ to }) => to)).toEqual(["b@example.com"]);
  });

  test("not answered, keeps the message here", async () => {
    const { server, transport } = await start();
    const begin = () => Promise.reject(new Error("the database is away"));
    expect(await transport.send(letter("a@example.com"), begin)).toEqual({ kind: "unrecorded" });
    expect(server.inbox).toEqual([]);
  });

  test("answered after the connection is gone, keeps the message here", async () => {
    const { server, transport } = await start();
    const answer = Promise.withResolvers<boolean>();
    const delivery = transport.send(letter("a@example.com"), () => {
      void server.stop();
      return answer.promise;
    });
    expect(await delivery).toMatchObject({ kind: "unreached" });
    answer.resolve(true);
    await answer.promise;
    expect(server.inbox).toEqual([]);
  });
});

test("a server that isn't there is not reached, and said not to be there", async () => {
  const { server, transport } = await start();
  expect(await transport.check()).toBe(true);
  await server.stop();
  expect(await transport.check()).toBe(false);
  expect(await transport.send(letter("a@example.com"), yes)).toMatchObject({ kind: "unreached" });
});

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
