// Leaving and being forgotten: answered when it has been read back.
import { partitionOf, type StoredPlace } from "@waitlist/contracts";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { about, entryId, leftAt, placeAt, store, type TokenKind, tokensOf } from "./person.ts";
import { bearer, createWorld, definitionWith, LIST, PARTITIONS, type World } from "./support.ts";

const person = { email: "ada@example.com" };
let world: World;
let tokens: Record<TokenKind, string>;
beforeEach(async () => {
  world = await createWorld();
  world.list(LIST, definitionWith());
  tokens = tokensOf(world);
});
afterEach(() => world.close());

const erase = (token = tokens.mailed, headers: Record<string, string> = {}) =>
  world.app.inject({
    method: "DELETE",
    url: `/v1/entries/${entryId}`,
    headers: { ...bearer(token), ...headers },
  });
const named = () => world.events.map(({ data }) => ("joinOffset" in data ? data.joinOffset : null));

/** Applies each erasure as storage would; what joined just before it is in `joins`. */
function applying(places: StoredPlace[], joins: StoredPlace[] = []): void {
  store(world, places, { person, next: 100 });
  let now = places;
  world.hooks.beforeAppend = () => {
    const offset = 100 + world.events.length;
    const joined = joins.shift();
    if (joined) now = [...now.map((place) => leftAt(place.joinOffset, joined.joinOffset - 1)), joined];
    setImmediate(() => {
      const event = world.events.at(-1);
      if (event?.type !== "EntryErased") return;
      now = now.map((place) =>
        place.joinOffset === event.data.joinOffset ? leftAt(place.joinOffset, offset) : place,
      );
      const isOpen = now.some(({ status }) => status !== "left");
      store(world, now, { next: offset + 1, ...(isOpen ? { person } : {}) });
      world.waits.announce(partitionOf(LIST, PARTITIONS), offset + 1);
    });
  };
}

describe("an erasure", () => {
  it("is answered when it has been read back, and again without another record", async () => {
    applying([placeAt(100)]);
    expect((await erase()).statusCode).toBe(204);
    expect(world.events).toMatchObject([{ type: "EntryErased", data: about }]);
    expect(world.records.get(entryId)?.erased).toBe(true);
    expect((await erase()).statusCode).toBe(204);
    const inQuery = await world.app.inject({
      ...{ method: "DELETE", url: `/v1/entries/${entryId}?token=${tokens.mailed}` },
    });
    expect(inQuery.statusCode).toBe(204);
    expect(world.events).toHaveLength(1);
  });

  it.each(["typed", "confirmation", "unsubscribe"] as const)("isn't made by a %s token", async (kind) => {
    applying([placeAt(100)]);
    const response = await erase(tokens[kind]);
    expect([response.statusCode, response.json().code]).toEqual([404, "entry-not-found"]);
    expect(world.events).toEqual([]);
  });

  it("forgets whoever had left before", async () => {
    applying([leftAt(100, 110)]);
    expect((await erase()).statusCode).toBe(204);
    expect(named()).toEqual([100]);
  });

  it("names the later place that is open by now", async () => {
    applying([leftAt(100, 110), placeAt(200)]);
    expect((await erase()).statusCode).toBe(204);
    expect(named()).toEqual([200]);
  });

  it("is proposed again where somebody joined between the look and the log", async () => {
    applying([placeAt(100)], [placeAt(102)]);
    expect((await erase()).statusCode).toBe(204);
    expect(named()).toEqual([100, 102]);
  });

  it("isn't proposed for ever to somebody who joins again and again", async () => {
    const joins = Array.from({ length: 20 }, (_, nth) => placeAt(200 + 10 * nth));
    applying([placeAt(100)], joins);
    const response = await erase();
    expect([response.statusCode, response.headers["retry-after"]]).toEqual([503, "2"]);
    expect(world.events).toHaveLength(5);
  });

  it("of a place that isn't stored yet waits for it", async () => {
    store(world, [], { next: 100 });
    const answer = erase();
    await vi.waitUntil(() => world.events.length > 0);
    store(world, [leftAt(100, 101)], { next: 102 });
    expect((await answer).statusCode).toBe(204);
    expect(named()).toEqual([100]);
  });

  it("of a place that never was is none", async () => {
    store(world, [], { next: 101 });
    expect((await erase()).statusCode).toBe(404);
    expect(world.events).toEqual([]);
  });

  it("is read back without announcements too", async () => {
    applying([placeAt(100)]);
    world.waits.setListening(false);
    expect((await erase()).statusCode).toBe(204);
  });

  it("under an Idempotency-Key has one outcome", async () => {
    applying([placeAt(100)]);
    const key = { "idempotency-key": "k" };
    expect((await erase(tokens.mailed, key)).statusCode).toBe(204);
    expect((await erase(tokens.mailed, key)).statusCode).toBe(204);
    world.time.now += 5000;
    expect((await erase(tokensOf(world).mailed, key)).statusCode).toBe(422);
    expect(world.events).toHaveLength(1);
  });
});

describe("an erasure is not pretended", () => {
  it("where storage is away, and nothing is written", async () => {
    world.broken.storage = true;
    const response = await erase();
    expect([response.statusCode, response.headers["retry-after"]]).toEqual([503, "2"]);
    expect(world.events).toEqual([]);
  });

  it("where the log is away", async () => {
    store(world, [placeAt(100)], { person });
    world.broken.log = true;
    expect((await erase()).statusCode).toBe(503);
  });

  it("where storage doesn't get there in time, or the service stops", async () => {
    store(world, [placeAt(100)], { person, next: 100 });
    const answer = erase();
    await vi.waitUntil(() => world.events.length > 0);
    await world.app.close();
    const response = await answer;
    expect(response.statusCode).toBe(503);
    expect(response.json().detail).toContain("not confirmed yet");
  });

  it("while storage is gone for a moment after the proposal", async () => {
    applying([placeAt(100)]);
    const apply = world.hooks.beforeAppend;
    world.hooks.beforeAppend = () => {
      apply();
      world.broken.storage = true;
      setTimeout(() => {
        world.broken.storage = false;
      }, 150);
    };
    expect((await erase()).statusCode).toBe(204);
  });
});
