import { type MailView, resendIdOf } from "@waitlist/contracts";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { examples } from "../src/routes/examples.ts";
import { bearer, createWorld, definitionWith, KEYS, LIST, SECRET, type World } from "./support.ts";

const mail = examples.mail as MailView;
const { mailId } = mail;
const ONE = `waitlists/${LIST}/mails/${mailId}/resend`;
const ALL = `waitlists/${LIST}/mails/resend`;

let world: World;
beforeEach(async () => {
  world = await createWorld();
  world.list(LIST, definitionWith());
  world.mails.set(mailId, mail);
});
afterEach(() => world.close());

const read = (path: string, key = KEYS.read) =>
  world.app.inject({ url: `/v1/waitlists/${path}`, headers: bearer(key) });
const post = (path: string, payload?: object, headers: Record<string, string> = {}) =>
  world.app.inject({
    ...{ method: "POST", url: `/v1/${path}`, headers: { ...bearer(KEYS.admin), ...headers } },
    ...(payload ? { payload } : {}),
  });
const written = () => world.events.map(({ type, data }) => ({ type, data }));

describe("a list's mails", () => {
  it("are shown as the ledger has them, page by page, by any filter", async () => {
    const query = `status=failed&kind=invite&entryId=${mail.entryId}&limit=7`;
    const response = await read(`${LIST}/mails?${query}&after=001772956800460.welcome:a:1`);
    expect([response.statusCode, response.json()]).toEqual([200, { items: [mail], next: null }]);
    const { entryId } = mail;
    expect(world.asks.at(-1)).toEqual([
      LIST,
      { status: "failed", kind: "invite", entryId, limit: 7, after: "001772956800460.welcome:a:1" },
    ]);
    await read(`${LIST}/mails`);
    expect(world.asks.at(-1)).toEqual([LIST, { limit: 100 }]);
  });

  it("are counted by kind and status", async () => {
    world.mailCounts.push({ kind: "welcome", state: "sent", count: 3 });
    expect((await read(`${LIST}/mail-counts`)).json()).toEqual({
      ...{ waitlistId: LIST, undeliverable: 2 },
      counts: [{ kind: "welcome", status: "sent", count: 3 }],
    });
  });

  it.each(["status=lost", "kind=letter", "entryId=ada", "limit=0", "limit=1001", "after=x", "page=2"])(
    "are not asked for by %s",
    async (query) => {
      expect((await read(`${LIST}/mails?${query}`)).statusCode).toBe(400);
      expect(world.asks).toEqual([]);
    },
  );

  it.each(["mails", "mail-counts"])(
    "are for keys that may read, of lists that are there: %s",
    async (what) => {
      expect((await read(`${LIST}/${what}`, KEYS.redeem)).statusCode).toBe(403);
      expect((await read(`${LIST}/${what}`, "nobody's")).statusCode).toBe(401);
      expect((await read(`nobody/${what}`)).json().code).toBe("waitlist-not-found");
      world.broken.email = true;
      expect((await read(`${LIST}/${what}`)).statusCode).toBe(503);
    },
  );
});

describe("sending a mail again", () => {
  it("is a request on the log, with who asked", async () => {
    const response = await post(ONE);
    expect(response.statusCode).toBe(202);
    const { resendId } = response.json();
    expect(response.json()).toEqual({ resendId, status: "resend-requested" });
    expect(written()).toEqual([
      {
        type: "MailResendRequested",
        data: { waitlistId: LIST, resendId, mailIds: [mailId], requestedBy: "boss" },
      },
    ]);
  });

  it.each([
    ["failed", undefined, 202],
    ["ambiguous", undefined, 202],
    ["suppressed", { cause: "UNDELIVERABLE" }, 202],
    ["suppressed", undefined, 409],
    ["sent", undefined, 409],
    ["queued", { cause: "ECONNECTION" }, 409],
    ["claimed", undefined, 409],
    ["sending", undefined, 409],
  ] as const)("that is %s (%j) is answered %i", async (status, failure, answer) => {
    const { failure: _, ...rest } = mail;
    world.mails.set(mailId, { ...rest, status, ...(failure ? { failure } : {}) });
    const response = await post(ONE);
    expect(response.statusCode).toBe(answer);
    if (answer === 409) expect(response.json().code).toBe("mail-not-resendable");
    expect(world.events).toHaveLength(answer === 202 ? 1 : 0);
  });

  it("knows no other mails, whatever they are called", async () => {
    for (const other of ["welcome:a:1", "invite:i-2", "resend", "a%2Fb", "x".repeat(90)]) {
      const response = await post(`waitlists/${LIST}/mails/${other}/resend`);
      expect([response.statusCode, response.json().code]).toEqual([404, "mail-not-found"]);
    }
    expect(world.events).toEqual([]);
  });

  it("is answered 503 where nobody can say what became of the mail", async () => {
    world.broken.email = true;
    expect((await post(ONE)).statusCode).toBe(503);
    expect(world.events).toEqual([]);
  });
});

describe("sending all of a status again", () => {
  it("is a request on the log, of one kind or of all", async () => {
    const { resendId } = (await post(ALL, { status: "failed", kind: "invite" })).json();
    await post(ALL, { status: "ambiguous" });
    expect(written().map(({ data }) => data)).toMatchObject([
      { waitlistId: LIST, resendId, selection: { status: "failed", kind: "invite" }, requestedBy: "boss" },
      { selection: { status: "ambiguous" } },
    ]);
  });

  it.each<[string, object]>([
    ["what was sent", { status: "sent" }],
    ["what was suppressed", { status: "suppressed" }],
    ["everything", {}],
    ["a kind that isn't one", { status: "failed", kind: "letter" }],
    ["a list", []],
  ])("is not for %s", async (_what, payload) => {
    expect((await post(ALL, payload)).statusCode).toBe(400);
    expect(world.events).toEqual([]);
  });
});

describe.each([
  [ONE, undefined, mailId],
  [ALL, { status: "failed" }, JSON.stringify({ status: "failed" })],
] as const)("POST %s", (path, body, what) => {
  it("is written once for a key, and is the same request where Redis has forgotten it", async () => {
    const key = { "idempotency-key": "again" };
    const first = await post(path, body, key);
    const resendId = resendIdOf(SECRET, { waitlistId: LIST, what, idempotencyKey: "again" });
    expect(first.json().resendId).toBe(resendId);
    // Meanwhile it was sent.
    world.mails.set(mailId, { ...mail, status: "sent" });
    expect((await post(path, body, key)).json()).toEqual(first.json());
    expect(world.events).toHaveLength(1);
    world.mails.set(mailId, mail);
    world.broken.redis = true;
    expect((await post(path, body, key)).json()).toEqual(first.json());
    expect(world.events).toHaveLength(2);
  });

  it("refuses what it doesn't know", async () => {
    expect((await post(path, { ...body, force: true })).statusCode).toBe(400);
    expect(world.events).toEqual([]);
  });

  it("is for admins, of lists that are there", async () => {
    for (const key of [KEYS.read, KEYS.redeem])
      expect((await post(path, body, bearer(key))).statusCode).toBe(403);
    expect((await post(path, body, { authorization: "" })).statusCode).toBe(401);
    expect((await post(path.replace(LIST, "nobody"), body)).json().code).toBe("waitlist-not-found");
    expect(world.events).toEqual([]);
  });
});
