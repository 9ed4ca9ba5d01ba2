import { entryIdOf, type StoredEntry } from "@waitlist/contracts";
import { mailedClaims, typedClaims } from "@waitlist/tokens";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { bearer, createWorld, definitionWith, LIST, SECRET, type World } from "./support.ts";

const entryId = entryIdOf(SECRET, LIST, "ada@example.com");
const place: StoredEntry = {
  waitlistId: LIST,
  entryId,
  status: "waiting",
  position: 3,
  ahead: 2,
  joinedAt: "2026-03-01T09:30:00.020Z",
  referralCode: entryId.slice(0, 10),
  referrals: 4,
  joinOffset: 100,
};
const { joinOffset: _, ...shownPlace } = place;
const accepted = { waitlistId: LIST, entryId, status: "accepted" };
const named = { waitlistId: LIST, entryId, joinOffset: 100 };

let world: World;
let typed: string;
let mailed: string;
beforeEach(async () => {
  world = await createWorld();
  world.list(LIST, definitionWith({ revealPosition: "on-signup" }));
  typed = world.tokens.sign(typedClaims(named, world.time.now));
  mailed = world.tokens.sign(mailedClaims(named, world.time.now));
});
afterEach(() => world.close());

const look = (token?: string, id = entryId) =>
  world.app.inject({ url: `/v1/entries/${id}`, headers: token === undefined ? {} : bearer(token) });

describe("a status token", () => {
  it("shows the place, from Redis or from storage", async () => {
    world.model.answer = { next: 101, entry: place };
    expect((await look(typed)).json()).toEqual(shownPlace);
    world.entries.set(entryId, { ...place, ahead: 1 });
    world.model.answer = null;
    expect((await look(typed)).json()).toEqual({ ...shownPlace, ahead: 1 });
    world.broken.redis = true;
    expect((await look(typed)).json()).toEqual({ ...shownPlace, ahead: 1 });
  });

  it("works in the query too", async () => {
    world.entries.set(entryId, place);
    const response = await world.app.inject(`/v1/entries/${entryId}?token=${typed}`);
    expect(response.json()).toEqual(shownPlace);
  });

  it("sees only accepted on a private list when it was typed, whatever is stored", async () => {
    world.list(LIST, definitionWith());
    const before = await look(typed);
    world.entries.set(entryId, place);
    world.model.answer = { next: 101, entry: { ...place, status: "left" } };
    const after = await look(typed);
    expect([before.statusCode, before.json()]).toEqual([200, accepted]);
    expect([after.statusCode, after.json()]).toEqual([200, accepted]);
    expect((await look(mailed)).json().status).toBe("left");
  });

  it("is accepted while the place isn't stored yet, and fits nothing once it surely would be", async () => {
    expect((await look(typed)).json()).toEqual(accepted);
    world.model.answer = { next: 100, entry: null };
    expect((await look(typed)).json()).toEqual(accepted);
    world.model.answer = { next: 101, entry: null };
    expect((await look(typed)).statusCode).toBe(404);
  });

  it("doesn't take a place that was left for the one that was joined after it", async () => {
    const former: StoredEntry = { ...place, status: "left", joinOffset: 50 };
    world.model.answer = { next: 100, entry: former };
    expect((await look(typed)).json()).toEqual(accepted);
    world.model.answer = { next: 101, entry: former };
    expect((await look(typed)).json().status).toBe("left");
  });

  it("answers 503 when nobody can be asked", async () => {
    await look(typed);
    world.broken.redis = true;
    world.broken.storage = true;
    expect((await look(typed)).statusCode).toBe(503);
  });
});

describe("an invite", () => {
  const invite = { code: "ABCD-EFGH-JKMN", expiresAt: "2026-03-08T00:00:00.000Z" };
  const invited: StoredEntry = { ...place, status: "invited", invite };

  it("is shown to a mailed token of that place only", async () => {
    world.model.answer = { next: 200, entry: invited };
    expect((await look(mailed)).json().invite).toEqual({
      url: "https://waitlist.test/i/ABCD-EFGH-JKMN",
      expiresAt: invite.expiresAt,
    });
    expect((await look(typed)).json()).not.toHaveProperty("invite");
    const former = world.tokens.sign(mailedClaims({ ...named, joinOffset: 50 }, world.time.now));
    expect((await look(former)).json()).not.toHaveProperty("invite");
  });

  it("leads where the list says", async () => {
    const invites = { ...definitionWith().invites, urlTemplate: "https://app.example/join?code={code}" };
    world.list(LIST, definitionWith({ invites }));
    world.model.answer = { next: 200, entry: invited };
    expect((await look(mailed)).json().invite.url).toBe("https://app.example/join?code=ABCD-EFGH-JKMN");
  });
});

describe("a token that doesn't fit", () => {
  it("is answered like an entry that doesn't exist", async () => {
    world.entries.set(entryId, place);
    const other = entryIdOf(SECRET, LIST, "bea@example.com");
    const receipt = world.tokens.sign({
      purpose: "receipt",
      entryId,
      eventId: "e",
      waitlistId: LIST,
      partition: 0,
      offset: 100,
      acceptedAt: place.joinedAt,
    });
    const gone = world.tokens.sign(typedClaims({ ...named, waitlistId: "gone" }, world.time.now));
    const old = world.tokens.sign(typedClaims(named, world.time.now - 91 * 24 * 3600 * 1000));
    const answers = await Promise.all([
      look(typed, other),
      look(undefined),
      look("x".repeat(5000)),
      look(`${typed}x`),
      look(receipt),
      look(old),
      look(gone),
      look(typed, "..%2f..%2fetc"),
      look(typed, "%00"),
    ]);
    for (const answer of answers) {
      expect(answer.statusCode).toBe(404);
      expect(answer.json()).toEqual(answers[0].json());
    }
    expect(answers[0].json().code).toBe("entry-not-found");
  });
});
