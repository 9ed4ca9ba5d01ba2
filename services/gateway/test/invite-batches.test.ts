import { batchIdOf, type InviteBatch } from "@waitlist/contracts";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { bearer, createWorld, definitionWith, KEYS, LIST, SECRET, type World } from "./support.ts";

let world: World;
beforeEach(async () => {
  world = await createWorld();
  world.list(LIST, definitionWith());
});
afterEach(() => world.close());

const ask = (payload: object, headers: Record<string, string> = {}, list = LIST) =>
  world.app.inject({
    method: "POST",
    url: `/v1/waitlists/${list}/invite-batches`,
    payload,
    headers: { ...bearer(KEYS.admin), ...headers },
  });

describe("asking for invites", () => {
  it("puts the request on the log, with who asked", async () => {
    const response = await ask({ count: 25, note: "friends" });
    expect(response.statusCode).toBe(202);
    const { batchId } = response.json();
    expect(response.json()).toEqual({ batchId, status: "requested" });
    expect(world.events.map(({ type, data }) => ({ type, data }))).toEqual([
      {
        type: "InviteBatchRequested",
        data: { waitlistId: LIST, batchId, count: 25, note: "friends", requestedBy: "boss" },
      },
    ]);
    expect((await ask({ count: 25 })).json().batchId).not.toBe(batchId);
  });

  it("is the same batch under the same key, even where Redis has forgotten it", async () => {
    const key = { "idempotency-key": "march" };
    const first = await ask({ count: 25 }, key);
    expect(first.json().batchId).toBe(batchIdOf(SECRET, LIST, "march"));
    expect((await ask({ count: 25 }, key)).json()).toEqual(first.json());
    expect(world.events).toHaveLength(1);
    expect((await ask({ count: 26 }, key)).statusCode).toBe(422);
    world.broken.redis = true;
    expect((await ask({ count: 25 }, key)).json()).toEqual(first.json());
    expect(world.events).toHaveLength(2);
  });

  it.each<[string, object, string]>([
    ["no count", {}, "/count"],
    ["none", { count: 0 }, "/count"],
    ["half of one", { count: 1.5 }, "/count"],
    ["text", { count: "25" }, "/count"],
    ["an operator", { count: { $gt: 0 } }, "/count"],
    ["a note with a line break", { count: 1, note: "a\nb" }, "/note"],
    ["an unknown field", { count: 1, force: true }, "/force"],
  ])("refuses %s", async (_what, payload, path) => {
    const response = await ask(payload);
    expect([response.statusCode, response.json().errors[0].path]).toEqual([400, path]);
    expect(world.events).toEqual([]);
  });

  it("needs a list, and a key that may", async () => {
    expect((await ask({ count: 1 }, {}, "nobody")).json().code).toBe("waitlist-not-found");
    expect((await ask({ count: 1 }, bearer(KEYS.read))).statusCode).toBe(403);
    expect((await ask({ count: 1 }, { authorization: "" })).statusCode).toBe(401);
    expect(world.events).toEqual([]);
  });
});

describe("following a batch", () => {
  const batch: InviteBatch = {
    batchId: "b-1",
    waitlistId: LIST,
    status: "completed",
    count: 2,
    allocated: 1,
    shortfall: 1,
    requestedAt: "2026-03-01T09:30:00.000Z",
    requestedBy: "boss",
    completedAt: "2026-03-01T09:30:01.000Z",
    entries: [{ entryId: "a".repeat(26), position: 1, inviteId: "i-1" }],
  };
  const follow = (path: string) =>
    world.app.inject({ url: `/v1/waitlists/${path}`, headers: bearer(KEYS.read) });

  it("shows what became of it", async () => {
    world.batches.set("b-1", batch);
    expect((await follow(`${LIST}/invite-batches/b-1?include=entries`)).json()).toEqual(batch);
  });

  it("tells a missing batch from a missing list", async () => {
    expect((await follow(`${LIST}/invite-batches/b-2`)).json().code).toBe("batch-not-found");
    expect((await follow("nobody/invite-batches/b-1")).json().code).toBe("waitlist-not-found");
    expect((await follow(`${LIST}/invite-batches/b-1?include=all`)).statusCode).toBe(400);
  });
});

describe("listing entries", () => {
  it("gives a page to a key that may read", async () => {
    const list = (id: string, key: string) =>
      world.app.inject({ url: `/v1/waitlists/${id}/entries?limit=5&status=waiting`, headers: bearer(key) });
    expect((await list(LIST, KEYS.read)).json()).toEqual({ items: [], next: null });
    expect((await list("nobody", KEYS.admin)).json().code).toBe("waitlist-not-found");
    expect((await list(LIST, KEYS.redeem)).statusCode).toBe(403);
  });
});
