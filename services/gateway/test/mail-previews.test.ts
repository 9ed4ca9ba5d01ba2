// A list's mails, looked at before anybody gets them.
import { MAIL_KINDS } from "@waitlist/contracts";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { bearer, createWorld, definitionWith, KEYS, LIST, type World } from "./support.ts";

let world: World;
beforeEach(async () => {
  world = await createWorld();
  world.list(LIST, definitionWith({ invites: { lifetimeHours: 24, reclaim: false, requeue: "no" } }));
});
afterEach(() => world.close());

const preview = (path: string, key = KEYS.read) =>
  world.app.inject({ url: `/v1/waitlists/${path}`, headers: bearer(key) });
const test = (payload: object, { kind = "welcome", key = KEYS.admin, headers = {}, list = LIST } = {}) =>
  world.app.inject({
    method: "POST",
    url: `/v1/waitlists/${list}/mails/${kind}/test`,
    payload,
    headers: { ...bearer(key), ...headers },
  });

describe("a preview", () => {
  it.each(MAIL_KINDS)(
    "of the mail %s is HTML that can do nothing, with its subject beside it",
    async (kind) => {
      const { statusCode, headers, body } = await preview(`${LIST}/mails/${kind}`);
      expect(statusCode).toBe(200);
      expect(headers["content-type"]).toBe("text/html; charset=utf-8");
      expect(headers["content-security-policy"]).toBe(
        "default-src 'none'; style-src 'unsafe-inline'; img-src https: http: data:; base-uri 'none'; form-action 'none'; " +
          "frame-ancestors 'none'; sandbox",
      );
      expect(headers["cache-control"]).toBe("no-store");
      expect(decodeURIComponent(String(headers["mail-subject"]))).toContain("Socialode");
      expect(body).toMatch(/^<!doctype html>\s*<html lang="en" dir="ltr"/);
      expect(body).toContain("https://waitlist.test/leave?token=sample");
    },
  );

  it("is text where text is asked for, under the strict policy of everything else", async () => {
    const { headers, body } = await preview(`${LIST}/mails/invite?format=text`);
    expect(headers["content-type"]).toBe("text/plain; charset=utf-8");
    expect(headers["content-security-policy"]).not.toContain("unsafe");
    expect(body).toContain("https://waitlist.test/i/7KQM-X3RD-9WTA");
    expect(body).toContain("valid until Sunday, 8 March 2026 at 09:00 UTC");
  });

  it("is in the language that is asked for, as near as there is one", async () => {
    const { headers, body } = await preview(`${LIST}/mails/welcome?locale=ar-EG`);
    expect(body).toContain('<html lang="ar" dir="rtl"');
    expect(headers["mail-subject"]).toMatch(/^[\x21-\x7e]+$/);
    expect((await preview(`${LIST}/mails/welcome?locale=xx`)).body).toContain('<html lang="en"');
  });

  it("shows the list's own words as soon as they are defined", async () => {
    const mails = { welcome: { en: { subject: "Hi from {{ list }}", body: "You are **{{ position }}**." } } };
    expect((await preview(`${LIST}/mails/welcome`)).body).toContain("on the list");
    world.list(LIST, definitionWith({ mails }), { offset: 8 });
    const { headers, body } = await preview(`${LIST}/mails/welcome`);
    expect(headers["mail-subject"]).toBe("Hi%20from%20Socialode");
    expect(body).toContain("You are <strong>42</strong>.");
  });

  it("shows each way in which an already may be meant", async () => {
    const bodies = await Promise.all(
      ["pending", "waiting", "invited"].map(
        async (standing) => (await preview(`${LIST}/mails/already?format=text&standing=${standing}`)).body,
      ),
    );
    expect(new Set(bodies).size).toBe(3);
    expect(bodies[0]).toContain("https://waitlist.test/confirm?token=sample");
    expect(bodies[0]).not.toContain("/v1/entries/");
  });

  it("shows an expired invite whose place waits for another one", async () => {
    const expired = async (query: string) =>
      (await preview(`${LIST}/mails/expired?format=text${query}`)).body;
    expect(await expired("&requeued=true")).toContain("You haven't lost your place");
    expect(await expired("&requeued=false")).not.toContain("You haven't lost your place");
    expect(await expired("")).toBe(await expired("&requeued=false"));
    expect((await preview(`${LIST}/mails/welcome?format=text&requeued=true`)).statusCode).toBe(200);
  });

  it.each([
    ["something else than yes or no", `${LIST}/mails/expired?requeued=perhaps`, 400],
    ["a kind that there is none of", `${LIST}/mails/spam`, 404],
    ["a list that there isn't", "nobody/mails/welcome", 404],
    ["a locale that can't be one", `${LIST}/mails/welcome?locale=%22`, 400],
    ["another format", `${LIST}/mails/welcome?format=pdf`, 400],
  ])("of %s is refused", async (_what, path, status) => {
    expect((await preview(path)).statusCode).toBe(status);
  });

  it("is for keys that may read", async () => {
    expect((await world.app.inject({ url: `/v1/waitlists/${LIST}/mails/welcome` })).statusCode).toBe(401);
    expect((await preview(`${LIST}/mails/welcome`, KEYS.redeem)).statusCode).toBe(403);
  });
});

describe("a test mail", () => {
  const to = "boss@example.com";

  it("is ordered with the definition as it is, and answered when the server took it", async () => {
    const answer = await test({ to, locale: "de" });
    expect([answer.statusCode, answer.json()]).toEqual([
      200,
      { kind: "welcome", subject: "[Test] Hello", status: "accepted" },
    ]);
    const { definition, offset } = world.lists.get(LIST) ?? {};
    expect(world.orders).toEqual([[LIST, "welcome", { to, locale: "de", definition, offset }]]);
  });

  it("is ordered as it was asked for, down to whether the place waits again", async () => {
    expect((await test({ to, requeued: true })).statusCode).toBe(200);
    expect(world.orders).toMatchObject([[LIST, "welcome", { to, requeued: true }]]);
  });

  it("is sent once under one Idempotency-Key, and another under it is refused", async () => {
    const headers = { "idempotency-key": "once" };
    const first = await test({ to }, { headers });
    expect((await test({ to }, { headers })).json()).toEqual(first.json());
    expect(world.orders).toHaveLength(1);
    expect((await test({ to, locale: "de" }, { headers })).statusCode).toBe(422);
  });

  it.each([
    ["refused", 422, "mail-refused", "It answered 550."],
    ["temporary", 503, "unavailable", "right now. It answered 550."],
    ["unreached", 503, "unavailable", "nothing was sent"],
    ["unanswered", 503, "unavailable", "may have arrived"],
  ] as const)(
    "that is %s is answered with %s %s, which can be tried again",
    async (outcome, status, code, words) => {
      world.mailServer.answer = { outcome, subject: "S", replyCode: 550 };
      const headers = { "idempotency-key": "once" };
      const answer = await test({ to }, { headers });
      expect([answer.statusCode, answer.json().code]).toEqual([status, code]);
      expect(answer.json().detail).toContain(words);
      await test({ to }, { headers });
      expect(world.orders).toHaveLength(2);
    },
  );

  it("is refused with its field where the address can't be one", async () => {
    const answer = await test({ to: "boss@localhost\r\nBcc: x@example.com" });
    expect(answer.statusCode).toBe(400);
    expect(answer.json().errors).toMatchObject([{ path: "/to" }]);
    expect((await test({ to: "nobody@localhost" })).json().errors).toMatchObject([{ path: "/to" }]);
    expect(world.orders).toEqual([]);
  });

  it("needs the list, the kind, the email service, and a key that may write", async () => {
    expect((await test({ to }, { list: "nobody" })).json().code).toBe("waitlist-not-found");
    expect((await test({ to }, { kind: "spam" })).statusCode).toBe(404);
    expect((await test({ to }, { key: KEYS.read })).statusCode).toBe(403);
    world.broken.email = true;
    expect((await test({ to })).statusCode).toBe(503);
  });
});

describe("a definition with mails of its own", () => {
  const put = (mails: unknown) =>
    world.app.inject({
      method: "PUT",
      url: `/v1/waitlists/${LIST}`,
      payload: { name: "Socialode", mails },
      headers: bearer(KEYS.admin),
    });
  const invite = "[Come in]({{ inviteUrl }})";

  it.each<[string, unknown, string, RegExp]>([
    [
      "a variable that there isn't",
      { welcome: { en: { subject: "S", body: "{{ nmae }}" } } },
      "/mails/welcome/en/body",
      /no variable nmae/,
    ],
    [
      "a name in a first mail",
      { welcome: { en: { subject: "Hi {{ name }}", body: "B" } } },
      "/mails/welcome/en/subject",
      /no variable name/,
    ],
    [
      "a tag that there isn't",
      { welcome: { de: { subject: "S", body: "{% for a in b %}{% endfor %}" } } },
      "/mails/welcome/de/body",
      /"for" not found/,
    ],
    [
      "a tag left open",
      { invite: { en: { subject: "{% if name %}", body: invite } } },
      "/mails/invite/en/subject",
      /not closed/,
    ],
    [
      "no link to what it is for",
      { invite: { en: { subject: "S", body: "{{ code }}" } } },
      "/mails/invite/en/body",
      /must have a link to {{ inviteUrl }}/,
    ],
    [
      "a script behind a link",
      { invite: { en: { subject: "S", body: `${invite} [x](javascript:1)` } } },
      "/mails/invite/en/body",
      /a link whose address/,
    ],
    [
      "a kind that there isn't",
      { spam: { en: { subject: "S", body: "B" } } },
      "/mails/spam",
      /is not a field/,
    ],
    [
      "a line break in a subject",
      { welcome: { en: { subject: "S\r\nBcc: x", body: "B" } } },
      "/mails/welcome/en/subject",
      /./,
    ],
    ["what is no language", { welcome: { "e!": { subject: "S", body: "B" } } }, "/mails/welcome/e!", /./],
    [
      "a tag that Intl doesn't know",
      { welcome: { "en-a": { subject: "S", body: "B" } } },
      "/mails/welcome/en-a",
      /./,
    ],
    [
      "one language twice",
      { welcome: { "de-AT": { subject: "S", body: "B" }, de_at: { subject: "S", body: "B" } } },
      "/mails/welcome/de_at",
      /earlier/,
    ],
    ["no subject", { welcome: { en: { body: "B" } } }, "/mails/welcome/en/subject", /is required/],
  ])("is refused for %s, with the path", async (_what, mails, path, message) => {
    const answer = await put(mails);
    expect(answer.statusCode).toBe(400);
    expect(answer.json().errors).toContainEqual({ path, message: expect.stringMatching(message) });
    expect(world.events).toEqual([]);
  });

  it("is taken with many languages, though it is larger than other bodies may be", async () => {
    const text = { subject: "S", body: `${invite}\n\n${"Some words. ".repeat(300)}` };
    const mails = {
      invite: Object.fromEntries(["en", "de", "fr", "es", "nl", "sv", "pl"].map((tag) => [tag, text])),
    };
    const answer = await put(mails);
    expect(answer.statusCode).toBe(200);
    expect(answer.json().definition.mails).toEqual(mails);
  });
});
