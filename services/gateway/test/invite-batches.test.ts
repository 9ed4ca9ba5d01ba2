import { batchIdOf, type ExplainedEntry, type InviteBatch } from "@waitlist/contracts";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { examples } from "../src/routes/examples.ts";
import { bearer, createWorld, definitionWith, KEYS, LIST, SECRET, type World } from "./support.ts";

const ADA = "a".repeat(26);
const BEA = "b".repeat(26);
const crowd = (size: number) =>
  Array.from({ length: size }, (_, index) => `${"c".repeat(16)}${base32(index)}`);
const base32 = (index: number) =>
  index.toString(2).padStart(10, "0").replaceAll("0", "x").replaceAll("1", "y");

let world: World;
beforeEach(async () => {
  world = await createWorld();
  world.list(LIST, definitionWith());
});
afterEach(() => world.close());

const ask = (payload: object, headers: Record<string, string> = {}, list = LIST, query = "") =>
  world.app.inject({
    method: "POST",
    url: `/v1/waitlists/${list}/invite-batches${query}`,
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

  it("puts named entries on the log with the reason for them", async () => {
    const entryIds = [ADA, BEA];
    const { batchId } = (await ask({ entryIds, reason: "They found the bug." })).json();
    expect(world.events.map(({ data }) => data)).toEqual([
      { waitlistId: LIST, batchId, entryIds, reason: "They found the bug.", requestedBy: "boss" },
    ]);
  });

  it("is answered once the batch can be read", async () => {
    const { batchId } = (await ask({ count: 1 })).json();
    const followed = await world.app.inject({
      ...{ url: `/v1/waitlists/${LIST}/invite-batches/${batchId}`, headers: bearer(KEYS.read) },
    });
    expect(followed.json()).toMatchObject({ batchId, status: "requested" });
  });

  it("is answered all the same where the invite service is away, or behind for long", async () => {
    world.broken.invite = true;
    expect((await ask({ count: 1 })).statusCode).toBe(202);
    world.broken.invite = false;
    world.broken.stores = false;
    expect((await ask({ count: 1 })).statusCode).toBe(202);
    expect(world.events).toHaveLength(2);
    expect(world.asks.length).toBeGreaterThan(2);
  });

  it.each<[string, object, string]>([
    ["no count", {}, "/count"],
    ["a count beside names", { count: 1, entryIds: [ADA], reason: "friends" }, "/count"],
    ["names without a reason", { entryIds: [ADA] }, "/reason"],
    ["a blank reason", { entryIds: [ADA], reason: " " }, "/reason"],
    ["nobody", { entryIds: [], reason: "friends" }, "/entryIds"],
    ["somebody twice", { entryIds: [ADA, ADA], reason: "friends" }, "/entryIds"],
    ["what is no entry's id", { entryIds: ["ada@example.com"], reason: "friends" }, "/entryIds/0"],
    ["more names than a batch may have", { entryIds: crowd(401), reason: "friends" }, "/entryIds"],
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

describe("a dry run", () => {
  const tried = { count: 3, eligible: 2, taken: 2, shortfall: 1 };
  const entries = [
    { entryId: ADA, position: 1 },
    { entryId: BEA, position: 4 },
  ];
  const tryOut = (payload: object, key = KEYS.admin) =>
    ask(payload, { "idempotency-key": "tried", ...bearer(key) }, LIST, "?dryRun=true");

  it("shows who would be invited, puts nothing on the log and uses no key up", async () => {
    world.preview.answer = { ...tried, entries };
    world.people.push({ entryId: ADA, email: "ada@example.com", name: "Ada" });
    const response = await tryOut({ count: 3, note: "friends" });
    expect(response.statusCode).toBe(200);
    expect(response.json()).toEqual({
      ...tried,
      entries: [
        { entryId: ADA, position: 1, email: "ada@example.com", name: "Ada" },
        // Forgotten since the choice was made.
        { entryId: BEA, position: 4, email: null },
      ],
    });
    expect(world.asks).toEqual([[LIST, { count: 3 }]]);
    expect(world.events).toEqual([]);
    expect((await ask({ count: 9 }, { "idempotency-key": "tried" })).statusCode).toBe(202);
  });

  it("tells which of the named would not be invited, and why", async () => {
    const skipped = [{ entryId: BEA, status: "pending" as const }];
    world.preview.answer = { ...tried, entries: [], skipped };
    const response = await tryOut({ entryIds: [BEA], reason: "friends" });
    expect(response.json()).toEqual({ ...tried, entries: [], skipped });
    expect(world.asks).toEqual([[LIST, { entryIds: [BEA] }]]);
  });

  it("is for those who may invite, and needs the invite service", async () => {
    expect((await tryOut({ count: 1 }, KEYS.read)).statusCode).toBe(403);
    expect((await ask({ count: 1 }, {}, "nobody", "?dryRun=true")).statusCode).toBe(404);
    expect((await ask({ count: 1 }, {}, LIST, "?dryRun=maybe")).json().errors[0].path).toBe(
      "/querystring/dryRun",
    );
    world.broken.invite = true;
    expect((await tryOut({ count: 1 })).json().code).toBe("unavailable");
  });

  it("that is none is a batch", async () => {
    expect((await ask({ count: 1 }, {}, LIST, "?dryRun=false")).statusCode).toBe(202);
    expect(world.events).toHaveLength(1);
  });
});

describe("following a batch", () => {
  const batch: InviteBatch = {
    batchId: "b-1",
    waitlistId: LIST,
    status: "completed",
    offset: 100,
    count: 2,
    eligible: 1,
    taken: 1,
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

  it("shows its entries page by page, where they are asked for", async () => {
    world.batches.set("b-1", batch);
    await follow(`${LIST}/invite-batches/b-1?include=entries&after=10&limit=5`);
    await follow(`${LIST}/invite-batches/b-1?include=entries`);
    await follow(`${LIST}/invite-batches/b-1`);
    expect(world.asks.map(([, , page]) => page)).toEqual([
      { after: 10, limit: 5 },
      { after: 0, limit: 10_000 },
      undefined,
    ]);
    expect((await follow(`${LIST}/invite-batches/b-1?limit=10001`)).statusCode).toBe(400);
  });

  it("lists a list's batches in pages", async () => {
    world.batches.set("b-1", batch);
    const page = await follow(`${LIST}/invite-batches?after=41&limit=5`);
    expect(page.json()).toEqual({ items: [batch], next: null });
    await follow(`${LIST}/invite-batches`);
    expect(world.asks).toEqual([
      [LIST, { after: 41, limit: 5 }],
      [LIST, { limit: 50 }],
    ]);
    expect((await follow("nobody/invite-batches")).json().code).toBe("waitlist-not-found");
    expect((await follow(`${LIST}/invite-batches?limit=201`)).statusCode).toBe(400);
    const shop = { url: `/v1/waitlists/${LIST}/invite-batches`, headers: bearer(KEYS.redeem) };
    expect((await world.app.inject(shop)).statusCode).toBe(403);
  });

  it("tells a missing batch from a missing list", async () => {
    expect((await follow(`${LIST}/invite-batches/b-2`)).json().code).toBe("batch-not-found");
    expect((await follow("nobody/invite-batches/b-1")).json().code).toBe("waitlist-not-found");
    expect((await follow(`${LIST}/invite-batches/b-1?include=all`)).statusCode).toBe(400);
  });
});

describe("one entry", () => {
  const see = (entryId: string, list = LIST, key = KEYS.read) =>
    world.app.inject({ url: `/v1/waitlists/${list}/entries/${entryId}`, headers: bearer(key) });

  it("is shown with its history to a key that may read", async () => {
    const entry = { ...examples.explainedEntry, entryId: ADA } as ExplainedEntry;
    world.explained.set(ADA, entry);
    expect((await see(ADA)).json()).toEqual(entry);
    expect((await see(ADA, LIST, KEYS.redeem)).statusCode).toBe(403);
  });

  it("isn't found where nobody is known by that id, whatever the id looks like", async () => {
    for (const id of [BEA, "ada@example.com", "..%2f..%2finstallation", "x".repeat(200)]) {
      const response = await see(id);
      expect([response.statusCode, response.json().code], id).toEqual([404, "entry-not-found"]);
    }
    expect((await see(ADA, "nobody")).json().code).toBe("waitlist-not-found");
    world.broken.storage = true;
    expect((await see(ADA)).json().code).toBe("unavailable");
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
