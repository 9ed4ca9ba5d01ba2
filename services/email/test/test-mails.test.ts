// One mail to an address of an admin's, through a real mail server.
import { Value } from "@sinclair/typebox/value";
import { MAIL_KINDS, type MailKind, type TestMailOutcome, WaitlistDefinition } from "@waitlist/contracts";
import { createLetters } from "@waitlist/letters";
import { createLogger, Registry } from "@waitlist/runtime";
import { createTokens } from "@waitlist/tokens";
import PostalMime from "postal-mime";
import { describe, expect, test } from "vitest";
import { buildApp } from "../src/app.ts";
import type { MailTransport } from "../src/ports.ts";
import { createTestLetters } from "../src/sending/test-letters.ts";
import { start } from "./support/transport.ts";

const NOW = Date.parse("2026-03-01T00:00:00Z");
const internalToken = "0123456789abcdef";
const compose = createTestLetters({
  tokens: createTokens("k1:0123456789abcdef0123456789abcdef", () => NOW),
  config: { PUBLIC_URL: "https://waitlist.example", MAIL_FROM: "waitlist@localhost" },
  letters: createLetters(),
});
const define = (more: object = {}) =>
  Value.Default(WaitlistDefinition, { name: "Socialode", ...more }) as WaitlistDefinition;

const appOver = (transport: Pick<MailTransport, "send">, clock = () => NOW) =>
  buildApp({
    log: createLogger("email", "silent"),
    registry: new Registry(),
    dependencies: {},
    internalToken,
    ledger: {
      counts: async () => [],
      countUndeliverable: async () => 0,
      find: async () => null,
      list: async () => ({ mails: [], next: null }),
    },
    recipients: async () => new Map(),
    receiveReport: async () => ({ matched: false }),
    testMails: { transport, compose, clock },
  });

function order(
  transport: Pick<MailTransport, "send">,
  payload: object,
  { kind = "welcome" as MailKind, token = internalToken, clock = () => NOW } = {},
) {
  return appOver(transport, clock).inject({
    method: "POST",
    url: `/internal/waitlists/socialode/mails/${kind}/test`,
    headers: { authorization: `Bearer ${token}` },
    payload: { to: "boss@example.com", definition: define(), offset: 3, ...payload },
  });
}

const unfolded = (source: string) => source.replace(/\r\n[ \t]+/g, " ");

describe("a test mail", () => {
  test.for(MAIL_KINDS)("of the kind %s arrives once, marked, with all that such a mail has", async (kind) => {
    const { server, transport } = await start();
    const answer = await order(transport, { locale: "en" }, { kind });
    expect(answer.statusCode).toBe(200);
    const { subject, ...outcome } = answer.json<TestMailOutcome>();
    expect(outcome).toEqual({ outcome: "accepted" });
    expect(subject).toMatch(/^\[Test\] .*Socialode/);
    expect(server.inbox.map(({ to }) => to)).toEqual(["boss@example.com"]);
    const source = unfolded(server.inbox[0]?.source ?? "");
    expect(source).toMatch(/^Subject: \[Test\] /m);
    expect(source).toMatch(/^List-Unsubscribe: <https:\/\/waitlist\.example\/v1\/unsubscribe\//m);
    expect(source).toMatch(/^Auto-Submitted: auto-generated/m);
  });

  test("is written in the language that was asked for, in the list's own words", async () => {
    const { transport } = await start();
    const mails = { welcome: { de: { subject: "Moin {{ position }}", body: "Moin." } } };
    const answer = await order(transport, { locale: "de-AT", definition: define({ mails }) });
    expect(answer.json()).toMatchObject({ subject: "[Test] Moin 42" });
  });

  test("of an expired invite can be that of a place that waits for another one", async () => {
    const { server, transport } = await start();
    for (const requeued of [true, false])
      await order(transport, { locale: "en", requeued }, { kind: "expired" });
    const [waiting, over] = await Promise.all(server.inbox.map(({ source }) => PostalMime.parse(source)));
    expect(waiting?.text).toContain("You haven't lost your place");
    expect(over?.text).not.toContain("You haven't lost your place");
  });

  test("is another one each time", async () => {
    const { server, transport } = await start();
    await order(transport, {});
    await order(transport, {});
    const ids = server.inbox.map(({ source }) => /^Message-ID: (.*)$/m.exec(source)?.[1]);
    expect(new Set(ids).size).toBe(2);
  });
});

describe("what the server says", () => {
  test.for([
    ["rcpt-550@example.com", { outcome: "refused", replyCode: 550 }],
    ["rcpt-451@example.com", { outcome: "temporary", replyCode: 451 }],
    ["message-554@example.com", { outcome: "refused", replyCode: 554 }],
    ["cut-at-rcpt@example.com", { outcome: "unreached" }],
    ["cut-after-dot@example.com", { outcome: "unanswered" }],
  ] as const)("to %s is passed on", async ([to, outcome]) => {
    const { transport } = await start();
    expect((await order(transport, { to })).json()).toMatchObject(outcome);
  });

  test("is not waited for longer than whoever asked waits: nothing goes out after that", async () => {
    const { server, transport } = await start();
    let now = NOW;
    const clock = () => {
      now += 6000;
      return now;
    };
    expect((await order(transport, {}, { clock })).json()).toMatchObject({ outcome: "accepted" });
    const late = () => {
      now += 11_000;
      return now;
    };
    expect((await order(transport, {}, { clock: late })).json()).toMatchObject({ outcome: "unreached" });
    expect(server.inbox).toHaveLength(1);
  });
});

test("nobody sends one without the shared token, or of another kind", async () => {
  const never = { send: () => Promise.reject(new Error("must not be asked")) };
  expect((await order(never, {}, { token: "wrong" })).statusCode).toBe(401);
  expect((await order(never, {}, { kind: "spam" as MailKind })).statusCode).toBe(400);
});
