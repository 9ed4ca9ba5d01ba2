// Mails over SES's API, against one of our own that also does what one wouldn't want it to.
import { generateKeyPairSync } from "node:crypto";
import { dkimVerify } from "mailauth/lib/dkim/verify.js";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { createSesTransport, type SesOptions } from "../src/adapters/ses-transport.ts";
import { dkimRecord } from "../src/dkim-settings.ts";
import type { MailTransport } from "../src/ports.ts";
import { type FakeSes, type SesManner, startFakeSes } from "./support/fake-ses.ts";
import { letter, yes } from "./support/transport.ts";

let ses: FakeSes;
let transport: MailTransport;
const start = (more: Partial<SesOptions> = {}) => {
  transport = createSesTransport({
    ...{ region: "eu-central-1", endpoint: ses.endpoint, connections: 2, silenceMs: 500 },
    log: { debug: () => undefined },
    ...more,
  });
  return transport;
};

beforeEach(async () => {
  // As AWS's SDK reads them from a service's environment.
  vi.stubEnv("AWS_ACCESS_KEY_ID", "test").stubEnv("AWS_SECRET_ACCESS_KEY", "test");
  ses = await startFakeSes();
  start();
});
afterEach(async () => {
  transport.close();
  await ses.stop();
  vi.unstubAllEnvs();
});

test("a mail goes out whole, to its one recipient, with its headers", async () => {
  expect(await transport.send(letter("ada@bücher.example", { subject: "Łódź" }), yes)).toEqual({
    kind: "accepted",
  });
  expect(ses.inbox).toMatchObject([{ from: "waitlist@localhost", to: ["ada@xn--bcher-kva.example"] }]);
  const raw = `\r\n${ses.inbox[0]?.raw}`;
  for (const header of [
    "List-Unsubscribe: <https://",
    "List-Unsubscribe-Post: ",
    "Feedback-ID: ",
    "Auto-Submitted: ",
  ]) {
    expect(raw).toContain(`\r\n${header}`);
  }
  // SES writes a Message-ID of its own: ours is kept beside it.
  expect(raw).toContain("\r\nX-Original-Message-ID: <stable@waitlist.example>");
});

const aws = (status: number, type: string): SesManner => ({ status, type });

describe("an API that", () => {
  test.for([
    ["throttles", aws(429, "TooManyRequestsException"), { kind: "refused", permanent: false }, 0],
    [
      "throttles in the SDK's words",
      aws(400, "ThrottlingException"),
      { kind: "refused", permanent: false },
      0,
    ],
    ["has a daily limit", aws(400, "LimitExceededException"), { kind: "refused", permanent: false }, 0],
    ["is overloaded", aws(503, "ServiceUnavailable"), { kind: "refused", permanent: false }, 0],
    ["rejects the message", aws(400, "MessageRejected"), { kind: "refused", permanent: true }, 0],
    ["can't read the address", aws(400, "BadRequestException"), { kind: "refused", permanent: true }, 0],
    ["has suspended the account", aws(400, "AccountSuspendedException"), { kind: "unreached" }, 0],
    ["has paused sending", aws(400, "SendingPausedException"), { kind: "unreached" }, 0],
    [
      "doesn't know the sender's domain",
      aws(400, "MailFromDomainNotVerifiedException"),
      { kind: "unreached" },
      0,
    ],
    ["doesn't know us", aws(403, "UnrecognizedClientException"), { kind: "unreached" }, 0],
    ["fails", aws(500, "InternalFailure"), { kind: "unanswered" }, 0],
    ["cuts the connection before it acts", "cut-before-acting", { kind: "unanswered" }, 0],
    ["cuts the connection after it has acted", "cut-after-acting", { kind: "unanswered" }, 1],
    ["says nothing", "silence", { kind: "unanswered" }, 1],
  ] as const)("%s is asked once, and understood", async ([_what, manner, expected, arrived]) => {
    ses.behave(manner);
    const delivery = await transport.send(letter("ada@example.com"), yes);
    expect(delivery).toMatchObject(expected);
    expect(ses.inbox).toHaveLength(arrived);
    expect(ses.calls.length).toBeLessThanOrEqual(1);
    // The API's words repeat addresses.
    expect(JSON.stringify(delivery)).not.toContain("example.com");
    ses.behave("take");
    expect(await transport.send(letter("bob@example.com"), yes)).toEqual({ kind: "accepted" });
  });

  test("cuts the connection as it comes has taken nothing: whether a byte went out is a matter of microseconds", async () => {
    ses.behave("cut-at-once");
    const { kind } = await transport.send(letter("ada@example.com"), yes);
    expect(["unreached", "unanswered"]).toContain(kind);
    expect(ses.inbox).toEqual([]);
  });

  test("isn't there is not reached", async () => {
    await ses.stop();
    expect(await transport.send(letter("ada@example.com"), yes)).toMatchObject({ kind: "unreached" });
    expect(await transport.check()).toBe(false);
  });
});

describe("the last question before the request", () => {
  test("answered with no, or not at all, keeps the message here", async () => {
    expect(await transport.send(letter("a@example.com"), async () => false)).toEqual({ kind: "withheld" });
    const away = () => Promise.reject(new Error("away"));
    expect(await transport.send(letter("a@example.com"), away)).toEqual({ kind: "unrecorded" });
    expect(ses.calls).toEqual([]);
  });

  test("isn't asked about an address that SES can't write to", async () => {
    const begin = vi.fn(yes);
    expect(await transport.send(letter("josé@example.com"), begin)).toEqual({
      ...{ kind: "refused", permanent: true, failure: { cause: "ENOSMTPUTF8" } },
    });
    expect(begin).not.toHaveBeenCalled();
  });
});

describe("asked whether mails can go out", () => {
  test("it looks at the account: sending may be paused, and a role may be good for sending alone", async () => {
    expect(await transport.check()).toBe(true);
    ses.account.SendingEnabled = false;
    expect(await transport.check()).toBe(false);
    ses.account.refusal = { status: 403, type: "AccessDeniedException" };
    expect(await transport.check()).toBe(true);
    ses.account.refusal = { status: 403, type: "UnrecognizedClientException" };
    expect(await transport.check()).toBe(false);
  });
});

test("closing drops what is under way: nobody knows then whether it arrived", async () => {
  start({ silenceMs: 60_000 });
  ses.behave("silence");
  const delivery = transport.send(letter("ada@example.com"), yes);
  await vi.waitFor(() => expect(ses.inbox).toHaveLength(1));
  transport.close();
  expect(await delivery).toMatchObject({ kind: "unanswered" });
});

test("a signature of ours holds though SES writes Message-ID and Date anew", async () => {
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const pem = privateKey.export({ type: "pkcs8", format: "pem" }).toString();
  const key = { domain: "socialode.example", selector: "s1", privateKey: pem };
  start({ dkim: key });
  await transport.send(letter("ada@example.com"), yes);
  const rewritten = (ses.inbox[0]?.raw ?? "")
    .replace(/^Message-ID: .*$/m, "Message-ID: <0102@eu-central-1.amazonses.com>")
    .replace(/^Date: .*$/m, "Date: Thu, 01 Jan 2026 00:00:00 +0000");
  const resolver = async () => [[dkimRecord(key).value]];
  const [result] = (await dkimVerify(rewritten, { resolver })).results;
  expect(result?.status?.result).toBe("pass");
});
