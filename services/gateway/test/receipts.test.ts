import { entryIdOf, type StoredPlaces } from "@waitlist/contracts";
import { mailedClaims, type ReceiptClaims, typedClaims } from "@waitlist/tokens";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { receiptPlace } from "../src/domain/receipt-place.ts";
import { entryId, leftAt, placeAt } from "./person.ts";
import { bearer, createWorld, definitionWith, KEYS, LIST, SECRET, type World } from "./support.ts";

const claims: ReceiptClaims = {
  ...{ purpose: "receipt", entryId, eventId: "e100", waitlistId: LIST, partition: 4, offset: 100 },
  acceptedAt: "2026-03-01T09:30:00.000Z",
};
const { purpose: _, ...shown } = claims;
const stored: StoredPlaces = { places: [placeAt(100)], repeatIds: [], next: 101, erased: false };

const { joinedAt } = placeAt(100);

let world: World;
let receipt: string;
beforeEach(async () => {
  world = await createWorld();
  world.list(LIST, definitionWith());
  receipt = world.tokens.sign(claims);
  world.records.set(entryId, stored);
});
afterEach(() => world.close());

const verify = (headers: Record<string, string> = {}, text = receipt) =>
  world.app.inject({ url: `/v1/receipts/${text}`, headers });

describe("a receipt", () => {
  it("is what a signup was given", async () => {
    const join = await world.app.inject({
      ...{ method: "POST", url: `/v1/waitlists/${LIST}/entries`, payload: { email: "ada@example.com" } },
    });
    const response = await verify({}, join.json().receipt);
    expect(response.json()).toMatchObject({ entryId, offset: 100, eventId: world.events[0]?.id });
  });

  it("is verified for anybody, who learns no more than it says", async () => {
    expect((await verify()).json()).toEqual(shown);
    const typed = world.tokens.sign(typedClaims({ ...claims, joinOffset: 100 }, world.time.now));
    expect((await verify(bearer(typed))).json()).toEqual(shown);
    world.records.clear();
    world.broken.storage = true;
    expect((await verify()).json()).toEqual(shown);
  });

  it("shows the place to a token of a mail to that person, and to a key that may read", async () => {
    const mailed = world.tokens.sign(mailedClaims({ ...claims, joinOffset: 100 }, world.time.now));
    for (const credential of [mailed, KEYS.read, KEYS.admin]) {
      expect((await verify(bearer(credential))).json()).toEqual({
        ...shown,
        place: { outcome: "placed", position: 10, joinOffset: 100, joinedAt, ended: false },
      });
    }
  });

  it("shows a mailed token the place that it was sent for, and none that was joined later", async () => {
    const places = [leftAt(100, 110), placeAt(200)];
    world.records.set(entryId, { places, repeatIds: ["again"], next: 300, erased: false });
    const mailed = (joinOffset: number) =>
      world.tokens.sign(mailedClaims({ ...claims, joinOffset }, world.time.now));
    const placeOf = async (credential: string, of: Partial<ReceiptClaims>) =>
      (await verify(bearer(credential), world.tokens.sign({ ...claims, ...of }))).json().place;
    const later = { eventId: "e200", offset: 200 };
    const repeat = { eventId: "again", offset: 210 };
    const unread = { eventId: "e400", offset: 400 };
    const first = await placeOf(mailed(100), {});
    expect(first).toMatchObject({ outcome: "placed", joinOffset: 100, ended: true });
    for (const of of [later, repeat, unread]) expect(await placeOf(mailed(100), of)).toBeUndefined();
    // The controls: the later place's own token sees both, and so does a key.
    for (const credential of [mailed(200), KEYS.read]) {
      expect(await placeOf(credential, {})).toEqual(first);
      expect(await placeOf(credential, later)).toMatchObject({ outcome: "placed", position: 110 });
      expect(await placeOf(credential, repeat)).toMatchObject({ outcome: "repeated", position: 110 });
    }
    expect(await placeOf(KEYS.read, unread)).toEqual({ outcome: "not-stored-yet" });
  });

  it("is refused with credentials of nobody, of somebody else, or that may not read", async () => {
    const other = { ...claims, entryId: entryIdOf(SECRET, LIST, "eve@example.com"), joinOffset: 1 };
    const others = world.tokens.sign(mailedClaims(other, world.time.now));
    expect((await verify(bearer("guessed"))).statusCode).toBe(401);
    expect((await verify(bearer(others))).statusCode).toBe(401);
    expect((await verify(bearer(KEYS.redeem))).statusCode).toBe(403);
  });

  it("of another maker, or another kind of token, is none", async () => {
    const typed = world.tokens.sign(typedClaims({ ...claims, joinOffset: 100 }, world.time.now));
    for (const text of ["nonsense", `${receipt}x`, typed]) {
      const response = await verify({}, text);
      expect([response.statusCode, response.json().code]).toEqual([404, "receipt-not-found"]);
    }
  });
});

describe("where a signup stands", () => {
  const at = (changes: Partial<StoredPlaces>, receiptOf = { eventId: "e100", offset: 100 }) =>
    receiptPlace({ ...stored, ...changes }, receiptOf);
  const first = { position: 10, joinOffset: 100, joinedAt };

  it("is found by the event, wherever a producer's retry has put it", () => {
    expect(at({}, { eventId: "e100", offset: 103 })).toEqual({ outcome: "placed", ...first, ended: false });
    const joinedAgain = [leftAt(100, 101), placeAt(102)];
    const place = { outcome: "placed", ...first, ended: true };
    expect(at({ places: joinedAgain, next: 200 }, { eventId: "e100", offset: 103 })).toEqual(place);
  });

  it("stays what it was for who was erased", () => {
    const erased = { places: [leftAt(100, 105)], repeatIds: ["again"], next: 200, erased: true };
    expect(at(erased)).toEqual({ outcome: "placed", ...first, ended: true });
    const repeat = { outcome: "repeated", ...first, ended: true };
    expect(at(erased, { eventId: "again", offset: 102 })).toEqual(repeat);
  });

  it("is the place that was open, for a repeat that is remembered, or whose record is passed", () => {
    const repeat = { eventId: "again", offset: 120 };
    const place = { outcome: "repeated", ...first, ended: false };
    expect(at({ repeatIds: ["again"] }, repeat)).toEqual(place);
    expect(at({ next: 121 }, repeat)).toEqual(place);
    expect(at({ next: 121, places: [leftAt(100, 119), placeAt(130)] }, repeat)).toEqual({
      outcome: "no-place",
    });
  });

  it("is the place that the retried record had repeated, though it ended before the second one", () => {
    const places = [leftAt(100, 119), placeAt(130)];
    expect(at({ repeatIds: ["again"], places }, { eventId: "again", offset: 120 })).toEqual({
      ...{ outcome: "repeated", ...first, ended: true },
    });
  });

  it("isn't known before storage has got there, and is none after", () => {
    const fresh = { eventId: "new", offset: 120 };
    for (const places of [[], [placeAt(100)], [leftAt(100, 110)]]) {
      expect(at({ places, next: 120 }, fresh)).toEqual({ outcome: "not-stored-yet" });
    }
    expect(at({ places: [], next: 121 }, fresh)).toEqual({ outcome: "no-place" });
  });
});
