// What the doctor says, with a DNS and a mail server of ours.
import { execFile } from "node:child_process";
import { generateKeyPairSync } from "node:crypto";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { type Finding, tell } from "@waitlist/runtime";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { lookAtUrl } from "../src/adapters/smtp-look.ts";
import { dkimRecord } from "../src/dkim-settings.ts";
import { type DoctorConfig, examine } from "../src/doctor/examine.ts";
import { type Script, type ScriptedServer, startSmtpServer } from "./support/smtp.ts";

const PASSWORD = "correct-horse-battery";
const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
const PEM = privateKey.export({ type: "pkcs8", format: "pem" }).toString();
const DKIM = { DKIM_DOMAIN: "socialode.example", DKIM_SELECTOR: "mail2026", DKIM_PRIVATE_KEY: PEM };
const KEY = { domain: "socialode.example", selector: "mail2026", privateKey: PEM };

const RIGHT_DNS: Record<string, string[]> = {
  "socialode.example": ["v=spf1 include:_spf.provider.example ~all", "some-verification=1"],
  "mail2026._domainkey.socialode.example": [dkimRecord(KEY).value],
  "_dmarc.socialode.example": ["v=DMARC1; p=quarantine; rua=mailto:postmaster@socialode.example"],
};

let server: ScriptedServer;
const serve = async (script: Script = {}) => {
  await server?.stop();
  server = await startSmtpServer(script);
};
beforeEach(() => serve({ password: PASSWORD }));
afterEach(() => server.stop());

const urlWith = (login: string) => server.url.replace("smtp://", `smtp://${login}@`);

async function diagnose(
  more: Partial<DoctorConfig> = {},
  dns: Record<string, string[]> | null = RIGHT_DNS,
  to?: string,
) {
  const config: DoctorConfig = {
    ...{
      MAIL_TRANSPORT: "smtp",
      SMTP_URL: urlWith(`ada:${PASSWORD}`),
      PUBLIC_URL: "https://waitlist.example",
    },
    ...{ MAIL_FROM: "Socialode <team@socialode.example>", ...DKIM, ...more },
  };
  const findings = await examine({
    config,
    addresses: to ? [to] : [],
    lookUp: async (name) => (dns ? (dns[name] ?? []) : null),
    lookAtServer: lookAtUrl,
    checkSes: async () => true,
  });
  return { findings, text: tell(findings) };
}

const wrong = (findings: Finding[]) => findings.filter(({ state }) => state === "wrong");

describe("where all is set", () => {
  test("nothing is wrong, and what is right is said in words", async () => {
    const { findings, text } = await diagnose();
    expect(wrong(findings)).toEqual([]);
    for (const words of [
      "it answers.",
      "it takes the name and password of SMTP_URL.",
      "addresses beyond ASCII can be written to",
      "the key there is that of DKIM_PRIVATE_KEY.",
      "SPF of socialode.example: there is a record.",
      "the record at _dmarc.socialode.example asks for p=quarantine.",
      "the signature is the From address's own.",
      "Nothing is wrong.",
    ]) {
      expect(text).toContain(words);
    }
  });

  test("a From address below the signing domain is right, too, and its policy may stand above", async () => {
    const { findings } = await diagnose(
      { MAIL_FROM: "team@news.socialode.example" },
      { ...RIGHT_DNS, "news.socialode.example": ["v=spf1 mx -all"] },
    );
    expect(wrong(findings)).toEqual([]);
  });
});

describe("what is wrong is named", () => {
  const rows: [string, Partial<DoctorConfig>, Record<string, string[]>, RegExp][] = [
    ["no SPF record", {}, { "socialode.example": [] }, /SPF.*no record[\s\S]*TXT {2}"v=spf1 /],
    ["two SPF records", {}, { "socialode.example": ["v=spf1 -all", "v=spf1 mx -all"] }, /several records/],
    ["an SPF record for everybody", {}, { "socialode.example": ["v=spf1 +all"] }, /\+all/],
    [
      "no DKIM record",
      {},
      { "mail2026._domainkey.socialode.example": [] },
      /TXT {2}"v=DKIM1; k=rsa; p=[^"]{200,}" "/,
    ],
    [
      "another key",
      {},
      { "mail2026._domainkey.socialode.example": ["v=DKIM1; p=AAAA"] },
      /not that of DKIM_PRIVATE_KEY/,
    ],
    [
      "a key that is withdrawn",
      {},
      { "mail2026._domainkey.socialode.example": ["v=DKIM1; p="] },
      /withdrawn/,
    ],
    ["no DMARC record", {}, { "_dmarc.socialode.example": [] }, /TXT {2}"v=DMARC1; p=none; rua=/],
    ["a DMARC record without a policy", {}, { "_dmarc.socialode.example": ["v=DMARC1"] }, /no policy/],
    ["another domain's signature", { DKIM_DOMAIN: "other.example" }, {}, /DMARC takes the mail for unsigned/],
    [
      "mails that aren't signed",
      { DKIM_DOMAIN: "", DKIM_SELECTOR: "", DKIM_PRIVATE_KEY: "" },
      {},
      /mails aren't signed/,
    ],
    ["a key that can't be read", { DKIM_PRIVATE_KEY: "nonsense" }, {}, /not a private key in PEM/],
    ["a sender that nobody knows", { MAIL_FROM: "waitlist@localhost" }, {}, /no receiver knows this domain/],
    ["an address that isn't https", { PUBLIC_URL: "http://waitlist.example" }, {}, /isn't https/],
    ["no server at all", { SMTP_URL: "smtp://127.0.0.1:1" }, {}, /can't be reached \(E/],
  ];
  test.for(rows)("%s", async ([_what, config, dns, words]) => {
    const { findings, text } = await diagnose(config, { ...RIGHT_DNS, ...dns });
    expect(wrong(findings).length).toBeGreaterThanOrEqual(1);
    expect(text).toMatch(words);
  });

  test("a policy that wants the very same domain, and a signature of the one above", async () => {
    const dns = {
      ...RIGHT_DNS,
      "news.socialode.example": ["v=spf1 mx -all"],
      "_dmarc.news.socialode.example": ["v=DMARC1; p=reject; adkim=s"],
    };
    const { findings } = await diagnose({ MAIL_FROM: "team@news.socialode.example" }, dns);
    expect(wrong(findings).map(({ says }) => says)).toEqual([
      "DMARC asks for the very same domain (adkim=s).",
    ]);
  });

  test("a list's own sender, where it is named", async () => {
    const { findings } = await diagnose({}, RIGHT_DNS, "hello@other.example");
    expect(wrong(findings).map(({ about }) => about)).toEqual([
      ...[
        "SPF of other.example",
        "DMARC of other.example",
        "From other.example, signed by socialode.example",
      ],
    ]);
  });

  test("a password that the server doesn't take, without repeating it", async () => {
    const { findings, text } = await diagnose({ SMTP_URL: urlWith("ada:wrong-secret") });
    expect(wrong(findings).map(({ says }) => says)).toEqual([
      expect.stringContaining("doesn't take the name and password"),
    ]);
    expect(text).not.toContain("wrong-secret");
  });
});

describe("encryption", () => {
  /** Nobody vouches for the server's certificate: a setting of the address says that it is taken all the same. */
  const UNCHECKED = "?tls.rejectUnauthorized=false";
  const NOT_ENCRYPTED = "the connection isn't encrypted";
  const ENCRYPTED = "the connection is encrypted.";
  const UNTRUSTED = "the connection can't be encrypted: is its certificate good for this name?";

  test.for([
    ["from the beginning", "smtps", UNCHECKED, ENCRYPTED],
    ["by STARTTLS", "starttls", UNCHECKED, ENCRYPTED],
    ["from the beginning, by a certificate that nobody vouches for", "smtps", "", UNTRUSTED],
    ["by STARTTLS, with a certificate that nobody vouches for", "starttls", "", UNTRUSTED],
    ["that isn't there", undefined, "", NOT_ENCRYPTED],
  ] as const)("%s is told", async ([_what, tls, query, words]) => {
    await serve({ password: PASSWORD, ...(tls ? { tls } : {}) });
    const url = server.url.replace("://", `://ada:${PASSWORD}@`) + query;
    const { findings, text } = await diagnose({ SMTP_URL: url });
    expect(text).toContain(words);
    expect(wrong(findings)).toHaveLength(words === UNTRUSTED ? 1 : 0);
    expect(text.includes("it takes the name and password")).toBe(words !== UNTRUSTED);
  });
});

test("where DNS can't be reached, that is said, and nothing is called wrong", async () => {
  const { findings, text } = await diagnose({}, null);
  expect(wrong(findings)).toEqual([]);
  expect(text.match(/DNS can't be reached from here/g)).toHaveLength(3);
  expect(text).toContain("Nothing is wrong. 3 could not be looked at.");
});

test("a server without SMTPUTF8 is told of, and is no mistake", async () => {
  await serve({ utf8: false });
  const { findings, text } = await diagnose({ SMTP_URL: server.url });
  expect(wrong(findings)).toEqual([]);
  expect(text).toContain("it doesn't offer SMTPUTF8");
});

test("no secret is ever printed", async () => {
  for (const config of [
    {},
    { DKIM_SELECTOR: "" },
    { SMTP_URL: "smtp://ada:correct-horse-battery@127.0.0.1:1" },
  ]) {
    const { text } = await diagnose(config);
    expect(text).not.toContain(PASSWORD);
    expect(text).not.toContain(PEM.split("\n")[1]);
  }
});

describe("the command", () => {
  const main = fileURLToPath(new URL("../src/doctor/main.ts", import.meta.url));
  const run = (env: Record<string, string>, ...args: string[]) =>
    promisify(execFile)(process.execPath, [main, ...args], { env: { ...process.env, ...env } }).then(
      ({ stdout, stderr }) => ({ code: 0, stdout, stderr }),
      ({ code, stdout, stderr }: { code: number; stdout: string; stderr: string }) => ({
        code,
        stdout,
        stderr,
      }),
    );

  test("ends with 1 where something is wrong, and with 2 where it is called wrongly", async () => {
    const env = {
      PUBLIC_URL: "https://waitlist.example",
      SMTP_URL: server.url,
      MAIL_FROM: "waitlist@localhost",
    };
    const { code, stdout } = await run(env);
    expect(stdout).toContain("WRONG  From localhost: no receiver knows this domain");
    expect(code).toBe(1);
    expect(await run(env, "nobody")).toMatchObject({ code: 2, stderr: expect.stringContaining("Usage:") });
  });

  test("names a setting that is missing, once", async () => {
    const { code, stdout } = await run({ PUBLIC_URL: "" });
    expect(code).toBe(1);
    expect(stdout.match(/PUBLIC_URL/g)).toHaveLength(1);
  });
});
