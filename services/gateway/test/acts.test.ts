// What the token of a mail does, and what no other token does.
import { entryIdOf, type StoredEntry, type StoredPlaces } from "@waitlist/contracts";
import { confirmationClaims, mailedClaims, typedClaims, unsubscribeClaims } from "@waitlist/tokens";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { bearer, createWorld, definitionWith, LIST, SECRET, type World } from "./support.ts";

const entryId = entryIdOf(SECRET, LIST, "ada@example.com");
const about = { waitlistId: LIST, entryId, joinOffset: 100 };
const stored: StoredEntry = {
  ...about,
  ...{ status: "pending", position: 3, ahead: 2, joinedAt: "2026-03-01T09:30:00.020Z" },
  ...{ referralCode: entryId.slice(0, 10), referrals: 0 },
};
const recorded: StoredPlaces = {
  ...{ waitlistId: LIST, entryId, repeatIds: [], lastOffset: 100, erased: false },
  places: [{ joinOffset: 100, eventId: "e100", position: 3 }],
};

let world: World;
let tokens: Record<"typed" | "mailed" | "confirmation" | "unsubscribe", string>;
beforeEach(async () => {
  world = await createWorld();
  world.list(LIST, definitionWith({ doubleOptIn: true }));
  const { now } = world.time;
  tokens = {
    typed: world.tokens.sign(typedClaims(about, now)),
    mailed: world.tokens.sign(mailedClaims(about, now)),
    confirmation: world.tokens.sign(confirmationClaims(about, now)),
    unsubscribe: world.tokens.sign(unsubscribeClaims(about, now)),
  };
});
afterEach(() => world.close());

const post = (what: string, token: string, headers: Record<string, string> = {}, id = entryId) =>
  world.app.inject({ method: "POST", url: `/v1/entries/${id}/${what}`, payload: { token }, headers });
const erase = (token: string, headers: Record<string, string> = {}) =>
  world.app.inject({
    method: "DELETE",
    url: `/v1/entries/${entryId}`,
    headers: { ...bearer(token), ...headers },
  });
const oneClick = (token: string, payload = "List-Unsubscribe=One-Click") =>
  world.app.inject({
    ...{ method: "POST", url: `/v1/unsubscribe/${token}`, payload },
    headers: { "content-type": "application/x-www-form-urlencoded" },
  });
const store = (changes: Partial<StoredEntry>) => world.entries.set(entryId, { ...stored, ...changes });
const types = () => world.events.map(({ type }) => type);

describe("each token does what it was made for, and nothing else", () => {
  it.each<[string, string, number]>([
    ["confirmation", "confirmation", 204],
    ["confirmation", "mailed", 404],
    ["confirmation", "unsubscribe", 404],
    ["confirmation", "typed", 404],
    ["departure", "unsubscribe", 204],
    ["departure", "mailed", 204],
    ["departure", "confirmation", 404],
    ["departure", "typed", 404],
  ])("%s with a %s token: %i", async (what, kind, status) => {
    const response = await post(what, tokens[kind as keyof typeof tokens]);
    expect(response.statusCode).toBe(status);
    expect(world.events).toHaveLength(status === 204 ? 1 : 0);
    if (status === 404) expect(response.json().code).toBe("entry-not-found");
  });

  it.each(["typed", "confirmation", "unsubscribe"] as const)(
    "erases nobody with a %s token",
    async (kind) => {
      expect((await erase(tokens[kind])).statusCode).toBe(404);
      expect(world.events).toEqual([]);
    },
  );

  it("not for another entry, and not when it has expired", async () => {
    const other = entryIdOf(SECRET, LIST, "eve@example.com");
    expect((await post("confirmation", tokens.confirmation, {}, other)).statusCode).toBe(404);
    world.time.now += 61 * 24 * 3_600_000;
    expect((await post("confirmation", tokens.confirmation)).statusCode).toBe(404);
  });
});

describe("a confirmation", () => {
  it("names the place, and is on the log before the answer", async () => {
    store({});
    expect((await post("confirmation", tokens.confirmation)).statusCode).toBe(204);
    expect(world.events).toMatchObject([{ type: "EntryConfirmed", data: about }]);
    world.broken.log = true;
    expect((await post("confirmation", tokens.confirmation)).statusCode).toBe(503);
  });

  it("that is repeated is answered the same, without another record", async () => {
    store({ status: "waiting" });
    expect((await post("confirmation", tokens.confirmation)).statusCode).toBe(204);
    expect(world.events).toEqual([]);
  });

  it.each<[string, Partial<StoredEntry>]>([
    ["was given up", { status: "left" }],
    ["was given up for a later one", { joinOffset: 200 }],
  ])("of a place that %s is none", async (_what, changes) => {
    store(changes);
    expect((await post("confirmation", tokens.confirmation)).statusCode).toBe(404);
    expect(world.events).toEqual([]);
  });

  it("goes to the log where nobody can say how the place is", async () => {
    world.broken.redis = true;
    world.broken.storage = true;
    await world.app.inject(`/v1/waitlists/${LIST}`);
    expect((await post("confirmation", tokens.confirmation)).statusCode).toBe(204);
    expect(types()).toEqual(["EntryConfirmed"]);
  });

  it("under an Idempotency-Key has one outcome, and another token under it is refused", async () => {
    const key = { "idempotency-key": "k" };
    expect((await post("confirmation", tokens.confirmation, key)).statusCode).toBe(204);
    expect((await post("confirmation", tokens.confirmation, key)).statusCode).toBe(204);
    expect(world.events).toHaveLength(1);
    const again = world.tokens.sign(confirmationClaims(about, world.time.now + 5000));
    expect((await post("confirmation", again, key)).statusCode).toBe(422);
  });
});

describe("a departure", () => {
  it("ends the place that the token names, once", async () => {
    store({ status: "waiting" });
    expect((await post("departure", tokens.unsubscribe)).statusCode).toBe(204);
    expect(world.events).toMatchObject([{ type: "EntryLeft", data: about }]);
    store({ status: "left" });
    expect((await post("departure", tokens.unsubscribe)).statusCode).toBe(204);
    store({ status: "waiting", joinOffset: 200 });
    expect((await post("departure", tokens.mailed)).statusCode).toBe(204);
    expect(world.events).toHaveLength(1);
  });

  it("by one click takes either kind of form, and none", async () => {
    store({ status: "waiting" });
    expect((await oneClick(tokens.unsubscribe)).statusCode).toBe(204);
    const boundary = "x";
    const multipart = await world.app.inject({
      ...{ method: "POST", url: `/v1/unsubscribe/${tokens.unsubscribe}` },
      headers: { "content-type": `multipart/form-data; boundary=${boundary}` },
      payload: `--x\r\nContent-Disposition: form-data; name="List-Unsubscribe"\r\n\r\nOne-Click\r\n--x--\r\n`,
    });
    expect(multipart.statusCode).toBe(204);
    const bare = await world.app.inject({ method: "POST", url: `/v1/unsubscribe/${tokens.unsubscribe}` });
    expect(bare.statusCode).toBe(204);
    expect(types()).toEqual(["EntryLeft", "EntryLeft", "EntryLeft"]);
    expect((await oneClick(tokens.typed)).statusCode).toBe(404);
    expect((await oneClick("nonsense")).statusCode).toBe(404);
  });

  it("isn't made by looking at its address: that leads to the page", async () => {
    const response = await world.app.inject(`/v1/unsubscribe/${tokens.unsubscribe}`);
    expect(response.statusCode).toBe(303);
    expect(response.headers.location).toBe(`https://waitlist.test/leave?token=${tokens.unsubscribe}`);
    expect(world.events).toEqual([]);
  });
});

describe("an erasure", () => {
  /** Storage as it becomes with each record: erased once no place is open. */
  const storeErasures = () => {
    world.hooks.beforeAppend = () => {
      const offset = 100 + world.events.length;
      queueMicrotask(() => {
        const event = world.events.at(-1);
        const record = world.records.get(entryId);
        if (event?.type !== "EntryErased" || !record) return;
        const places = record.places.map((place) =>
          place.joinOffset === event.data.joinOffset ? { ...place, endOffset: offset } : place,
        );
        const erased = places.every(({ endOffset }) => endOffset !== undefined);
        world.records.set(entryId, { ...record, places, erased, lastOffset: offset });
      });
    };
  };

  it("is answered when it has been read back", async () => {
    world.records.set(entryId, recorded);
    storeErasures();
    expect((await erase(tokens.mailed)).statusCode).toBe(204);
    expect(world.events).toMatchObject([{ type: "EntryErased", data: about }]);
    expect((await erase(tokens.mailed)).statusCode).toBe(204);
    expect(world.events).toHaveLength(1);
  });

  it("is proposed for the later place that is open by now", async () => {
    const [first] = recorded.places;
    if (!first) throw new Error("a place");
    const later = { joinOffset: 200, eventId: "e200", position: 9 };
    world.records.set(entryId, {
      ...recorded,
      places: [{ ...first, endOffset: 150 }, later],
      lastOffset: 200,
    });
    storeErasures();
    expect((await erase(tokens.mailed)).statusCode).toBe(204);
    expect(world.events).toMatchObject([{ data: { joinOffset: 200 } }]);
  });

  it("is proposed again where somebody joined between the look and the log", async () => {
    world.records.set(entryId, recorded);
    storeErasures();
    const inner = world.hooks.beforeAppend;
    world.hooks.beforeAppend = () => {
      const [first] = recorded.places;
      if (world.events.length === 0 && first) {
        const left = { ...first, endOffset: 99 };
        const places = [left, { joinOffset: 99, eventId: "e99", position: 7 }];
        world.records.set(entryId, { ...recorded, places });
      }
      inner();
    };
    expect((await erase(tokens.mailed)).statusCode).toBe(204);
    expect(world.events.map(({ data }) => "joinOffset" in data && data.joinOffset)).toEqual([100, 99]);
  });

  it("is not pretended where storage is away", async () => {
    world.broken.storage = true;
    const response = await erase(tokens.mailed);
    expect([response.statusCode, response.headers["retry-after"]]).toEqual([503, "2"]);
  });
});

describe("a mailed status token", () => {
  const look = (token: string) => world.app.inject({ url: `/v1/entries/${entryId}`, headers: bearer(token) });
  const person = { email: "ada@example.com", name: "Ada", answers: { why: "x" } };

  it("shows all that is held about the person, and a typed one none of it", async () => {
    world.list(LIST, definitionWith({ revealPosition: "on-signup" }));
    store({ status: "waiting" });
    world.held.set(`${entryId}:100`, { place: { ...stored, status: "waiting" }, person });
    expect((await look(tokens.mailed)).json()).toMatchObject({ position: 3, ...person });
    const typed = (await look(tokens.typed)).json();
    expect(typed.position).toBe(3);
    expect(JSON.stringify(typed)).not.toContain("ada@example.com");
  });

  it("shows the place that it was sent for, and nothing of a later one", async () => {
    store({ status: "waiting", joinOffset: 200, position: 9 });
    world.held.set(`${entryId}:100`, { place: { ...stored, status: "left" } });
    const shown = (await look(tokens.mailed)).json();
    expect(shown).toMatchObject({ status: "left", position: 3 });
    expect(shown).not.toHaveProperty("email");
  });

  it("shows the place alone while storage is away", async () => {
    world.model.answer = { next: 101, entry: { ...stored, status: "waiting" } };
    await world.app.inject(`/v1/waitlists/${LIST}`);
    world.broken.storage = true;
    const shown = (await look(tokens.mailed)).json();
    expect(shown).toMatchObject({ status: "waiting", position: 3 });
    expect(shown).not.toHaveProperty("email");
  });
});
