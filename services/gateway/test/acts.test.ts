// What the token of a mail does, and what no other token does.
import { entryIdOf } from "@waitlist/contracts";
import { confirmationClaims } from "@waitlist/tokens";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { about, entryId, entryWith, leftAt, placeAt, store, type TokenKind, tokensOf } from "./person.ts";
import { bearer, createWorld, definitionWith, LIST, SECRET, type World } from "./support.ts";

let world: World;
let tokens: Record<TokenKind, string>;
beforeEach(async () => {
  world = await createWorld();
  world.list(LIST, definitionWith({ doubleOptIn: true }));
  tokens = tokensOf(world);
});
afterEach(() => world.close());

const post = (what: string, token: unknown, headers: Record<string, string> = {}, id = entryId) =>
  world.app.inject({ method: "POST", url: `/v1/entries/${id}/${what}`, payload: { token }, headers });
const types = () => world.events.map(({ type }) => type);
const nobodyAnswers = async () => {
  await world.app.inject(`/v1/waitlists/${LIST}`);
  world.broken.redis = true;
  world.broken.storage = true;
};

describe("each token does what it was made for, and nothing else", () => {
  it.each<[string, TokenKind, number]>([
    ["confirmation", "confirmation", 204],
    ["confirmation", "mailed", 404],
    ["confirmation", "unsubscribe", 404],
    ["confirmation", "typed", 404],
    ["departure", "unsubscribe", 204],
    ["departure", "mailed", 204],
    ["departure", "confirmation", 404],
    ["departure", "typed", 404],
  ])("%s with a %s token: %i", async (what, kind, status) => {
    const response = await post(what, tokens[kind]);
    expect(response.statusCode).toBe(status);
    expect(world.events).toHaveLength(status === 204 ? 1 : 0);
    if (status === 404) expect(response.json().code).toBe("entry-not-found");
  });

  it.each<[string, TokenKind, number]>([
    ["confirmation", "confirmation", 61],
    ["departure", "unsubscribe", 366],
  ])("%s not for another entry, and not when the token has expired", async (what, kind, days) => {
    const other = entryIdOf(SECRET, LIST, "eve@example.com");
    const answers = [await post(what, tokens[kind], {}, other), await post(what, tokens[kind], {}, "nobody")];
    world.time.now += days * 24 * 3_600_000;
    answers.push(await post(what, tokens[kind]));
    for (const answer of answers) {
      expect([answer.statusCode, answer.json().code]).toEqual([404, "entry-not-found"]);
    }
    expect(world.events).toEqual([]);
  });

  it.each([undefined, 1, { $ne: "" }, "", "x".repeat(1025)])("and %j is no token", async (token) => {
    expect((await post("confirmation", token)).statusCode).toBe(400);
    expect((await post("departure", token)).json().errors[0].path).toBe("/token");
    expect(world.events).toEqual([]);
  });
});

describe("a confirmation", () => {
  it("names the place, and is on the log before the answer", async () => {
    store(world, [placeAt(100, { status: "pending" })]);
    world.broken.log = true;
    const away = await post("confirmation", tokens.confirmation);
    expect([away.statusCode, away.headers["retry-after"]]).toEqual([503, "2"]);
    world.broken.log = false;
    expect((await post("confirmation", tokens.confirmation)).statusCode).toBe(204);
    expect(world.events).toMatchObject([{ type: "EntryConfirmed", data: about }]);
  });

  it.each(["waiting", "invited", "redeemed", "expired", "withdrawn"] as const)(
    "of a place that is %s is answered the same, without another record",
    async (status) => {
      store(world, [placeAt(100, { status })]);
      expect((await post("confirmation", tokens.confirmation)).statusCode).toBe(204);
      world.model.answer = { next: 1000, entry: entryWith(placeAt(100, { status })) };
      expect((await post("confirmation", tokens.confirmation)).statusCode).toBe(204);
      expect(world.events).toEqual([]);
    },
  );

  it("of a place that was invited before it was confirmed goes to the log", async () => {
    const invited = placeAt(100, { status: "invited", confirmed: false });
    store(world, [invited]);
    world.model.answer = { next: 1000, entry: entryWith(invited) };
    expect((await post("confirmation", tokens.confirmation)).statusCode).toBe(204);
    expect(types()).toEqual(["EntryConfirmed"]);
  });

  it.each([
    ["was given up", [leftAt(100, 110)]],
    ["was given up for a later one", [leftAt(100, 110), placeAt(200, { status: "pending" })]],
    ["never was", [placeAt(50, { status: "pending" })]],
    ["never was, for somebody who never was,", []],
  ])("of a place that %s is none, by storage and by Redis", async (_what, places) => {
    store(world, places, { next: 101 });
    expect((await post("confirmation", tokens.confirmation)).statusCode).toBe(404);
    const newest = places.at(-1);
    world.broken.storage = true;
    world.model.answer = { next: 101, entry: newest ? entryWith(newest) : null };
    expect((await post("confirmation", tokens.confirmation)).statusCode).toBe(404);
    expect(world.events).toEqual([]);
  });

  it("of a place that isn't stored yet goes to the log", async () => {
    store(world, [leftAt(50, 60)], { next: 100 });
    expect((await post("confirmation", tokens.confirmation)).statusCode).toBe(204);
    expect(types()).toEqual(["EntryConfirmed"]);
  });

  it("goes to the log once where nobody can say how the place is, however often the link is used", async () => {
    await nobodyAnswers();
    const answers = await Promise.all(
      Array.from({ length: 50 }, () => post("confirmation", tokens.confirmation)),
    );
    answers.push(await post("confirmation", tokens.confirmation));
    expect(new Set(answers.map(({ statusCode }) => statusCode))).toEqual(new Set([204]));
    expect(types()).toEqual(["EntryConfirmed"]);
    const later = tokensOf(world, { ...about, joinOffset: 200 });
    expect((await post("confirmation", later.confirmation)).statusCode).toBe(204);
    expect(types()).toEqual(["EntryConfirmed", "EntryConfirmed"]);
  });
});

describe("a departure", () => {
  it("ends the place that the token names, once", async () => {
    store(world, [placeAt(100)]);
    expect((await post("departure", tokens.unsubscribe)).statusCode).toBe(204);
    expect(world.events).toMatchObject([{ type: "EntryLeft", data: about }]);
    expect((await post("departure", tokens.mailed)).statusCode).toBe(204);
    store(world, [leftAt(100, 110)]);
    expect((await post("departure", tokens.unsubscribe)).statusCode).toBe(204);
    expect(world.events).toHaveLength(1);
  });

  it("leaves a place alone that was joined since", async () => {
    store(world, [leftAt(100, 110), placeAt(200)]);
    expect((await post("departure", tokens.unsubscribe)).statusCode).toBe(204);
    world.model.answer = { next: 1000, entry: entryWith(placeAt(200)) };
    expect((await post("departure", tokens.mailed)).statusCode).toBe(204);
    expect(world.events).toEqual([]);
  });

  it("of a place that never was is none, and of one that isn't known goes to the log", async () => {
    store(world, [], { next: 101 });
    expect((await post("departure", tokens.unsubscribe)).statusCode).toBe(404);
    expect(world.events).toEqual([]);
    await nobodyAnswers();
    expect((await post("departure", tokens.unsubscribe)).statusCode).toBe(204);
    expect(types()).toEqual(["EntryLeft"]);
  });
});

describe("an Idempotency-Key", () => {
  const key = { "idempotency-key": "k" };

  it.each(["confirmation", "departure"])(
    "gives a %s one outcome, and refuses another token",
    async (what) => {
      const kind = what === "confirmation" ? "confirmation" : "unsubscribe";
      expect((await post(what, tokens[kind], key)).statusCode).toBe(204);
      store(world, [leftAt(100, 110)]);
      expect((await post(what, tokens[kind], key)).statusCode).toBe(204);
      expect(world.events).toHaveLength(1);
      world.time.now += 5000;
      expect((await post(what, tokensOf(world)[kind], key)).statusCode).toBe(422);
    },
  );

  it("may be used again after a failure", async () => {
    world.broken.log = true;
    expect((await post("confirmation", tokens.confirmation, key)).statusCode).toBe(503);
    world.broken.log = false;
    expect((await post("confirmation", tokens.confirmation, key)).statusCode).toBe(204);
    expect(types()).toEqual(["EntryConfirmed"]);
  });

  it("of one signup is not that of another", async () => {
    const other = { ...about, entryId: entryIdOf(SECRET, LIST, "eve@example.com") };
    const token = world.tokens.sign(confirmationClaims(other, world.time.now));
    expect((await post("confirmation", tokens.confirmation, key)).statusCode).toBe(204);
    expect((await post("confirmation", token, key, other.entryId)).statusCode).toBe(204);
  });
});

describe("pages of other origins", () => {
  const ORIGIN = "https://app.example";
  const allowed = async (what: string, token: string, origin: string) =>
    (await post(what, token, { origin })).headers["access-control-allow-origin"];

  it("may do it, and read the answer where the token's list lets them", async () => {
    world.list(LIST, definitionWith({ allowedOrigins: [ORIGIN] }));
    for (const [method, what] of [
      ["POST", "/confirmation"],
      ["POST", "/departure"],
      ["DELETE", ""],
    ]) {
      const preflight = await world.app.inject({
        method: "OPTIONS",
        url: `/v1/entries/${entryId}${what}`,
        headers: { origin: ORIGIN, "access-control-request-method": String(method) },
      });
      expect(preflight.headers["access-control-allow-methods"]).toContain(method);
      expect(preflight.headers["access-control-allow-origin"]).toBe(ORIGIN);
    }
    expect(await allowed("confirmation", tokens.confirmation, ORIGIN)).toBe(ORIGIN);
    expect(await allowed("departure", tokens.mailed, ORIGIN)).toBe(ORIGIN);
    expect(await allowed("confirmation", tokens.confirmation, "https://evil.example")).toBeUndefined();
    expect(await allowed("confirmation", "no token", ORIGIN)).toBeUndefined();
  });

  it("read why it was refused", async () => {
    world.list(LIST, definitionWith({ allowedOrigins: [ORIGIN] }));
    const refused = await world.app.inject({
      ...{ method: "DELETE", url: `/v1/entries/${entryId}` },
      headers: { ...bearer(tokens.typed), origin: ORIGIN },
    });
    expect([refused.statusCode, refused.headers["access-control-allow-origin"]]).toEqual([404, ORIGIN]);
    const receipt = world.tokens.sign({
      ...{ purpose: "receipt", entryId, waitlistId: LIST, eventId: "e", partition: 1, offset: 2 },
      acceptedAt: "2026-03-01T09:30:00.000Z",
    });
    const read = await world.app.inject({ url: `/v1/receipts/${receipt}`, headers: { origin: ORIGIN } });
    expect(read.headers["access-control-allow-origin"]).toBe(ORIGIN);
  });
});
