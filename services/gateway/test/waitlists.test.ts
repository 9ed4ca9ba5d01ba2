import { secretFingerprint } from "@waitlist/contracts";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { bearer, createWorld, definitionWith, KEYS, LIST, SECRET, type World } from "./support.ts";

let world: World;
beforeEach(async () => {
  world = await createWorld();
});
afterEach(() => world.close());

const put = (payload: object, headers: Record<string, string> = {}, key = KEYS.admin) =>
  world.app.inject({
    method: "PUT",
    url: `/v1/waitlists/${LIST}`,
    payload,
    headers: { ...bearer(key), ...headers },
  });
const get = (headers: Record<string, string> = {}) =>
  world.app.inject({ url: `/v1/waitlists/${LIST}`, headers });

describe("defining a waitlist", () => {
  it("fills in the defaults and puts the whole definition on the log", async () => {
    const response = await put({ name: "Socialode" });
    expect(response.statusCode).toBe(201);
    expect(response.headers.etag).toBe('"100"');
    const definedAt = "2026-03-01T09:30:00.000Z";
    expect(response.json()).toEqual({
      ...{ waitlistId: LIST, definition: definitionWith(), definedAt, definedBy: "boss" },
    });
    expect(world.events).toHaveLength(1);
    expect(world.events[0]).toMatchObject({
      type: "WaitlistDefined",
      data: { waitlistId: LIST, definition: definitionWith(), idKeyVersion: secretFingerprint(SECRET) },
    });
  });

  it("makes signups possible at once, even for who asked before", async () => {
    expect((await get()).statusCode).toBe(404);
    await put({ name: "Socialode" });
    expect((await get()).json().state).toBe("open");
  });

  it("changes it with the ETag that was seen, and refuses with any other", async () => {
    expect((await put({ name: "A" }, { "if-match": "*" })).statusCode).toBe(412);
    const { etag } = (await put({ name: "A" })).headers;
    const [first, second] = await Promise.all([
      put({ name: "B" }, { "if-match": String(etag) }),
      put({ name: "C" }, { "if-match": String(etag) }),
    ]);
    expect([first.statusCode, second.statusCode]).toEqual([200, 412]);
    expect(second.json().code).toBe("precondition-failed");
    expect((await put({ name: "D" }, { "if-match": `W/${first.headers.etag}` })).statusCode).toBe(412);
    expect((await put({ name: "E" })).statusCode).toBe(200);
  });

  it("refuses a change that another gateway's came before, between the look and the log", async () => {
    const { etag } = (await put({ name: "A" })).headers;
    const [former] = world.events;
    if (former?.type !== "WaitlistDefined") throw new Error("a definition");
    world.hooks.beforeAppend = () =>
      world.list(LIST, definitionWith({ name: "Other" }), { offset: 101, eventId: "o" });
    const change = { "if-match": String(etag) };
    expect((await put({ name: "B" }, change)).statusCode).toBe(412);
    expect((await get(bearer(KEYS.read))).json().definition.name).toBe("Other");
    // Without a condition, the same interleaving lets the last one win.
    expect((await put({ name: "C" })).statusCode).toBe(200);
  });

  it("records the name of the key that asked", async () => {
    await put({ name: "A" });
    expect(world.events[0]).toMatchObject({ data: { definedBy: "boss" } });
    expect((await get(bearer(KEYS.read))).json()).toMatchObject({ definedBy: "boss" });
  });

  it("answers 503 when it isn't in force in time", async () => {
    world.broken.stores = false;
    const answer = put({ name: "A" });
    await expect.poll(() => world.events.length).toBe(1);
    await world.app.close();
    expect((await answer).statusCode).toBe(503);
  });

  it("writes nothing while storage is away", async () => {
    world.broken.storage = true;
    expect((await put({ name: "A" })).statusCode).toBe(503);
    expect(world.events).toEqual([]);
  });

  it("answers a repeat under its Idempotency-Key the same, with one record", async () => {
    const key = { "idempotency-key": "k" };
    const first = await put({ name: "A" }, key);
    const second = await put({ name: "A" }, key);
    expect([second.statusCode, second.headers.etag]).toEqual([first.statusCode, first.headers.etag]);
    expect((await put({ name: "B" }, key)).statusCode).toBe(422);
    expect(world.events).toHaveLength(1);
  });

  describe("again under its Idempotency-Key, while Redis knows nothing of it", () => {
    const key = { "idempotency-key": "k" };
    const seen = async () => (await get(bearer(KEYS.read))).json().definition.name;
    beforeEach(() => {
      world.broken.redis = true;
    });

    it("undoes nothing that came since, and is answered as the first time", async () => {
      const first = await put({ name: "A" }, key);
      await put({ name: "B" });
      const again = await put({ name: "A" }, key);
      expect([again.statusCode, again.headers.etag]).toEqual([201, first.headers.etag]);
      expect(again.json()).toEqual(first.json());
      expect(await seen()).toBe("B");
      // The control: without the key it is a change.
      await put({ name: "A" });
      expect(await seen()).toBe("A");
    });

    it("passes under If-Match, too, where the change was its own", async () => {
      const { etag } = (await put({ name: "A" })).headers;
      const changing = { ...key, "if-match": String(etag) };
      const first = await put({ name: "B" }, changing);
      const again = await put({ name: "B" }, changing);
      expect([again.statusCode, again.headers.etag]).toEqual([200, first.headers.etag]);
      expect((await put({ name: "B" }, { "if-match": String(etag) })).statusCode).toBe(412);
    });

    it("is another change with another body", async () => {
      await put({ name: "A" }, key);
      expect((await put({ name: "B" }, key)).statusCode).toBe(200);
      expect(await seen()).toBe("B");
    });
  });
});

describe("a bad definition", () => {
  const question = { id: "q", label: "Q", type: "text", required: false };
  it.each<[string, object, string]>([
    ["no name", {}, "/name"],
    ["a blank name", { name: "  " }, "/name"],
    ["an unknown field", { name: "A", smtpPassword: "x" }, "/smtpPassword"],
    ["an unknown value", { name: "A", revealPosition: "always" }, "/revealPosition"],
    ["a question twice", { name: "A", questions: [question, question] }, "/questions/1/id"],
    [
      "a choice without options",
      { name: "A", questions: [{ ...question, type: "choice" }] },
      "/questions/0/options",
    ],
    [
      "text with options",
      { name: "A", questions: [{ ...question, options: ["a"] }] },
      "/questions/0/options",
    ],
    [
      "a question's id with an operator",
      { name: "A", questions: [{ ...question, id: "$gt" }] },
      "/questions/0/id",
    ],
    [
      "a question of no type",
      { name: "A", questions: [{ ...question, type: "essay" }] },
      "/questions/0/type",
    ],
    ["a language that can't be one", { name: "A", locale: "en_US!" }, "/locale"],
    ["room for nobody", { name: "A", capacity: 0 }, "/capacity"],
    ["half a place", { name: "A", capacity: 1.5 }, "/capacity"],
    ["a colour by its name", { name: "A", brand: { color: "red" } }, "/brand/color"],
    [
      "a script for a website",
      { name: "A", brand: { websiteUrl: "javascript:alert(1)" } },
      "/brand/websiteUrl",
    ],
    ["throw-away addresses half allowed", { name: "A", disposableAddresses: "some" }, "/disposableAddresses"],
    ["a challenge now and then", { name: "A", challenge: "sometimes" }, "/challenge"],
    ["double opt-in in words", { name: "A", doubleOptIn: "yes" }, "/doubleOptIn"],
    ["referrals as a number", { name: "A", referrals: 1 }, "/referrals"],
    ["an invite without a life", { name: "A", invites: { lifetimeHours: 0 } }, "/invites/lifetimeHours"],
    ["an invite for ever", { name: "A", invites: { lifetimeHours: 8785 } }, "/invites/lifetimeHours"],
    [
      "an answer's address that is none",
      { name: "A", from: { name: "A", address: "a@b.example", replyTo: "nobody" } },
      "/from/replyTo",
    ],
    ["an unknown time zone", { name: "A", timeZone: "Mars/Olympus" }, "/timeZone"],
    ["a day that doesn't exist", { name: "A", opensAt: "2026-02-30T00:00:00Z" }, "/opensAt"],
    ["a time that isn't UTC", { name: "A", opensAt: "2026-02-03T00:00:00+02:00" }, "/opensAt"],
    [
      "closing before opening",
      { name: "A", opensAt: "2026-03-02T00:00:00Z", closesAt: "2026-03-01T00:00:00Z" },
      "/closesAt",
    ],
    [
      "a late reminder",
      { name: "A", invites: { lifetimeHours: 24, reminderHours: 24 } },
      "/invites/reminderHours",
    ],
    [
      "a template without a code",
      { name: "A", invites: { urlTemplate: "https://a.example" } },
      "/invites/urlTemplate",
    ],
    [
      "a script for a template",
      { name: "A", invites: { urlTemplate: "javascript:{code}" } },
      "/invites/urlTemplate",
    ],
    ["a sender that is none", { name: "A", from: { name: "A", address: "a@b\r\nc" } }, "/from/address"],
    ["a sender without a domain", { name: "A", from: { name: "A", address: "nobody" } }, "/from/address"],
    ["an origin with a path", { name: "A", allowedOrigins: ["https://a.example/x"] }, "/allowedOrigins/0"],
    ["any origin", { name: "A", allowedOrigins: ["*"] }, "/allowedOrigins/0"],
    [
      "an origin that no browser sends",
      { name: "A", allowedOrigins: ["https://A.example:443"] },
      "/allowedOrigins/0",
    ],
    ["a script for a logo", { name: "A", brand: { logoUrl: "javascript:alert(1)" } }, "/brand/logoUrl"],
  ])("with %s is refused with the path that is wrong", async (_what, definition, path) => {
    const response = await put(definition);
    expect(response.statusCode).toBe(400);
    expect(response.json().errors.map((error: { path: string }) => error.path)).toContain(path);
    expect(world.events).toEqual([]);
  });
});

describe("looking at a waitlist", () => {
  it("shows the public part to anybody", async () => {
    world.list(LIST, definitionWith({ allowedOrigins: ["https://a.example"], capacity: 9 }), { count: 3 });
    const response = await get();
    expect(response.json()).toEqual({
      waitlistId: LIST,
      name: "Socialode",
      brand: {},
      questions: [],
      locale: "en",
      state: "open",
      referrals: true,
      doubleOptIn: false,
      revealPosition: "by-email",
      challengeRequired: false,
    });
    expect(response.headers.etag).toBeUndefined();
  });

  it("shows the count where the list does", async () => {
    world.list(LIST, definitionWith({ showCount: true }), { count: 3 });
    expect((await get()).json().count).toBe(3);
  });

  it("shows all of it to a key that may read, with its ETag", async () => {
    world.list(LIST, definitionWith({ capacity: 9 }));
    const response = await get(bearer(KEYS.read));
    expect(response.json()).toMatchObject({ waitlistId: LIST, definition: definitionWith({ capacity: 9 }) });
    expect(response.headers.etag).toBe('"7"');
  });
});

describe("admin keys", () => {
  it("are asked for: 401 without a known one, 403 with one that may not", async () => {
    const wrong = await put({ name: "A" }, {}, "wrong");
    expect([wrong.statusCode, wrong.json().code]).toEqual([401, "unauthorized"]);
    expect(wrong.headers["www-authenticate"]).toBe("Bearer");
    const reader = await put({ name: "A" }, {}, KEYS.read);
    expect([reader.statusCode, reader.json().code]).toEqual([403, "forbidden"]);
    expect((await get(bearer(KEYS.redeem))).statusCode).toBe(403);
    expect(world.events).toEqual([]);
  });
});
