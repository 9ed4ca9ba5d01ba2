// What the status token of a mail shows: all that is held, of the very place that it was sent for.
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { about, entryId, entryWith, leftAt, placeAt, store, type TokenKind, tokensOf } from "./person.ts";
import { bearer, createWorld, definitionWith, LIST, type World } from "./support.ts";

const person = {
  ...{ email: "ada+1@example.com", name: "Ada", answers: { why: "x" }, source: "blog", consent: true },
  confirmedAt: "2026-03-01T10:00:00.000Z",
};

let world: World;
let tokens: Record<TokenKind, string>;
beforeEach(async () => {
  world = await createWorld();
  world.list(LIST, definitionWith());
  tokens = tokensOf(world);
});
afterEach(() => world.close());

const look = (token = tokens.mailed) =>
  world.app.inject({ url: `/v1/entries/${entryId}`, headers: bearer(token) });

describe("a mailed token", () => {
  it("shows the place with all that is held, flat", async () => {
    store(world, [placeAt(100)], { person });
    world.model.answer = { next: 1000, entry: entryWith(placeAt(100)) };
    const { joinOffset: _, ...place } = entryWith(placeAt(100));
    expect((await look()).json()).toEqual({ ...place, ...person });
    world.broken.redis = true;
    expect((await look()).json()).toEqual({ ...place, ...person });
  });

  it("shows the place alone while storage is away", async () => {
    await world.app.inject(`/v1/waitlists/${LIST}`);
    store(world, [placeAt(100)], { person });
    world.model.answer = { next: 1000, entry: entryWith(placeAt(100)) };
    world.broken.storage = true;
    const shown = (await look()).json();
    expect(shown).toMatchObject({ status: "waiting", position: 10, ahead: 2 });
    expect(JSON.stringify(shown)).not.toContain("example.com");
  });

  it("shows who has left what is held still, and who was erased nothing of it", async () => {
    store(world, [leftAt(100, 110)], { person });
    world.model.answer = { next: 1000, entry: entryWith(leftAt(100, 110)) };
    expect((await look()).json()).toMatchObject({ status: "left", position: 10, ...person });
    store(world, [leftAt(100, 110)]);
    const erased = (await look()).json();
    expect(erased).toMatchObject({ status: "left", position: 10 });
    expect(JSON.stringify(erased)).not.toContain("Ada");
  });

  it("believes storage where Redis is behind: an invite isn't shown for a place that was given up", async () => {
    const invite = { code: "ABCD-EFGH-JKMN", expiresAt: "2026-03-08T00:00:00.000Z" };
    const invited = placeAt(100, { status: "invited" });
    world.model.answer = { next: 1000, entry: { ...entryWith(invited), invite } };
    store(world, [invited], { person });
    expect((await look()).json()).toMatchObject({
      status: "invited",
      invite: { expiresAt: invite.expiresAt },
    });
    store(world, [leftAt(100, 110)], { person });
    const shown = (await look()).json();
    expect(shown.status).toBe("left");
    expect(shown).not.toHaveProperty("invite");
  });

  it("is accepted while its place isn't stored, and fits nothing when it surely would be", async () => {
    store(world, [leftAt(50, 60)], { next: 100, person });
    expect((await look()).json()).toEqual({ waitlistId: LIST, entryId, status: "accepted" });
    store(world, [leftAt(50, 60)], { next: 101, person });
    expect((await look()).statusCode).toBe(404);
  });
});

describe("a mailed token of a place that was left before joining again", () => {
  const later = placeAt(200, { position: 77 });

  it("sees that place as left, and nothing of the later one", async () => {
    store(world, [leftAt(100, 110), later], { person });
    world.model.answer = { next: 1000, entry: entryWith(later) };
    const response = await look();
    expect(response.json()).toEqual({
      ...{ waitlistId: LIST, entryId, status: "left", position: 10, ahead: 0 },
      ...{ joinedAt: placeAt(100).joinedAt, referralCode: entryId.slice(0, 10), referrals: 4 },
    });
    const own = (await look(tokensOf(world, { ...about, joinOffset: 200 }).mailed)).json();
    expect(own).toMatchObject({ status: "waiting", position: 77, ...person });
  });

  it("is answered 503 rather than with the later one while storage is away", async () => {
    await world.app.inject(`/v1/waitlists/${LIST}`);
    world.model.answer = { next: 1000, entry: entryWith(later) };
    world.broken.storage = true;
    const response = await look();
    expect(response.statusCode).toBe(503);
    expect(response.body).not.toContain("77");
  });

  it("and the token of the later one is accepted until Redis has that too", async () => {
    store(world, [leftAt(100, 110), later], { person });
    world.model.answer = { next: 200, entry: entryWith(leftAt(100, 110)) };
    const token = tokensOf(world, { ...about, joinOffset: 200 }).mailed;
    expect((await look(token)).json().status).toBe("accepted");
  });
});

describe("a typed token", () => {
  it("costs storage nothing, and shows nothing of the person", async () => {
    world.list(LIST, definitionWith({ revealPosition: "on-signup" }));
    store(world, [placeAt(100)], { person });
    world.model.answer = { next: 1000, entry: entryWith(placeAt(100)) };
    const asked = vi.spyOn(world.held, "get");
    const typed = (await look(tokens.typed)).json();
    expect(typed.position).toBe(10);
    expect(JSON.stringify(typed)).not.toContain("Ada");
    expect(asked).not.toHaveBeenCalled();
    await look();
    expect(asked).toHaveBeenCalled();
  });
});
