// The signature of a mail as it arrived, checked by a library that shares nothing with the one that made it.
import { execFile } from "node:child_process";
import { generateKeyPairSync } from "node:crypto";
import { fileURLToPath } from "node:url";
import { ConfigError } from "@waitlist/runtime";
import { dkimVerify } from "mailauth/lib/dkim/verify.js";
import { describe, expect, test } from "vitest";
import { createMessageWriter } from "../src/adapters/raw-message.ts";
import { dkimRecord, readDkimKey } from "../src/dkim-settings.ts";
import { letter, start, yes } from "./support/transport.ts";

const rsa = (bits: number) =>
  generateKeyPairSync("rsa", { modulusLength: bits })
    .privateKey.export({ type: "pkcs8", format: "pem" })
    .toString();
const PEM = rsa(2048);
const settings = { DKIM_DOMAIN: "bücher.example", DKIM_SELECTOR: "mail2026", DKIM_PRIVATE_KEY: PEM };

function key() {
  const read = readDkimKey(settings);
  if (!read) throw new Error("no key");
  return read;
}

/** DNS, with the one record that the product says is to be set. */
async function resolver(name: string, type: string): Promise<string[][]> {
  const record = dkimRecord(key());
  if (name !== record.name || type !== "TXT")
    throw Object.assign(new Error("no such name"), { code: "ENOTFOUND" });
  // As DNS has it: pieces of at most 255 characters.
  return [record.value.match(/.{1,255}/g) ?? []];
}

const verdict = async (message: string | Buffer) => {
  const [result] = (await dkimVerify(message, { resolver, strict: true })).results;
  return {
    result: result?.status?.result,
    domain: result?.signingDomain,
    covered: result?.signingHeaders?.keys ?? "",
  };
};

const COVERED = [
  ...["From", "Reply-To", "To", "Subject", "Date", "Message-ID"],
  ...["List-Id", "List-Unsubscribe", "List-Unsubscribe-Post", "Auto-Submitted", "Feedback-ID"],
];

describe("a mail that is signed", () => {
  test("passes at the receiver, and the signature covers who wrote it and how to leave (RFC 8058, 4)", async () => {
    const { server, transport } = await start(undefined, "", { dkim: key() });
    const more = {
      replyTo: "team@bücher.example",
      subject: "Łódź — 待ち",
      text: "a\n.\n..\n\n\n",
      html: "<p>ü</p>",
    };
    for (const to of ["a@example.com", "josé@example.com"]) {
      expect(await transport.send(letter(to, more), yes)).toEqual({ kind: "accepted" });
    }
    for (const { source } of server.inbox) {
      const { result, domain, covered } = await verdict(source);
      expect({ result, domain }).toEqual({ result: "pass", domain: "xn--bcher-kva.example" });
      const fields = covered.toLowerCase().split(/\s*[:,]\s*/);
      for (const field of COVERED) expect(fields).toContain(field.toLowerCase());
    }
    expect(server.inbox).toHaveLength(2);
  });

  test("fails where the address to leave at, or a word of it, is another one", async () => {
    const { raw } = await createMessageWriter({ dkim: key() })(letter("a@example.com"));
    const text = raw.toString();
    expect((await verdict(text)).result).toBe("pass");
    for (const [was, is] of [
      ["List-Unsubscribe: <https://waitlist.example/", "List-Unsubscribe: <https://evil.example/"],
      ["List-Unsubscribe-Post: List-Unsubscribe=One-Click", "List-Unsubscribe-Post: no"],
      ["<p>Hello</p>", "<p>Hallo</p>"],
    ] as const) {
      expect(text).toContain(was);
      expect((await verdict(text.replace(was, is))).result).not.toBe("pass");
    }
  });

  test("without a key it isn't signed", async () => {
    const { raw } = await createMessageWriter()(letter("a@example.com"));
    expect(await verdict(raw)).toMatchObject({ result: "none" });
  });
});

describe("the three settings", () => {
  const none = { DKIM_DOMAIN: "", DKIM_SELECTOR: "", DKIM_PRIVATE_KEY: "" };

  test("may all be left out", () => {
    expect(readDkimKey(none)).toBeNull();
  });

  test("take a key on one line, as some environments have it", () => {
    const oneLine = { ...settings, DKIM_PRIVATE_KEY: PEM.replaceAll("\n", "\\n") };
    expect(readDkimKey(oneLine)).toEqual(readDkimKey(settings));
  });

  const ed25519 = generateKeyPairSync("ed25519")
    .privateKey.export({ type: "pkcs8", format: "pem" })
    .toString();
  test.for([
    ["one is missing", { ...settings, DKIM_SELECTOR: "" }, /all three, or none/],
    ["only the key is there", { ...none, DKIM_PRIVATE_KEY: PEM }, /all three, or none/],
    ["the key is no key", { ...settings, DKIM_PRIVATE_KEY: "c2VjcmV0" }, /not a private key in PEM/],
    [
      "the key is of another kind",
      { ...settings, DKIM_PRIVATE_KEY: ed25519 },
      /ed25519: mails are signed with RSA/,
    ],
    ["the key is short", { ...settings, DKIM_PRIVATE_KEY: rsa(512) }, /512 bits/],
    ["the domain is none", { ...settings, DKIM_DOMAIN: "localhost" }, /DKIM_DOMAIN/],
    ["the domain adds a tag", { ...settings, DKIM_DOMAIN: "a.example; l=0" }, /DKIM_DOMAIN/],
    ["the selector adds a tag", { ...settings, DKIM_SELECTOR: "a; l=0" }, /DKIM_SELECTOR/],
  ] as const)("are refused at the start where %s, without a word of the key", ([_what, given, why]) => {
    const reading = () => readDkimKey(given);
    expect(reading).toThrow(ConfigError);
    expect(reading).toThrow(why);
    const secret = given.DKIM_PRIVATE_KEY.split("\n")[1] ?? given.DKIM_PRIVATE_KEY;
    try {
      reading();
    } catch (error) {
      if (secret)
        expect(`${error} ${(error as Error).stack} ${(error as Error).cause}`).not.toContain(secret);
    }
  });
});

test("a service with a key that can't sign doesn't start, and says why in a line", async () => {
  const main = fileURLToPath(new URL("../src/main.ts", import.meta.url));
  const secret = "0123456789abcdef";
  const env = {
    ...process.env,
    ...{ KAFKA_BROKERS: "127.0.0.1:1", MONGODB_URL: "mongodb://127.0.0.1:1", SMTP_URL: "smtp://127.0.0.1:1" },
    ...{ PUBLIC_URL: "https://waitlist.example", ENTRY_ID_SECRET: secret, INTERNAL_TOKEN: secret },
    ...{
      TOKEN_KEYS: `k1:${secret}`,
      DKIM_DOMAIN: "socialode.example",
      DKIM_SELECTOR: "s",
      DKIM_PRIVATE_KEY: "nonsense",
    },
  };
  const { code, stdout } = await new Promise<{ code: unknown; stdout: string }>((resolve) => {
    execFile(process.execPath, [main], { env }, (error, output) =>
      resolve({ code: error?.code, stdout: output }),
    );
  });
  expect(code).toBe(1);
  expect(stdout).toContain("DKIM_PRIVATE_KEY is not a private key in PEM");
  expect(stdout).not.toContain("nonsense");
});
