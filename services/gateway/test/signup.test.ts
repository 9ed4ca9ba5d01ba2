import { entryIdOf, partitionOf } from "@waitlist/contracts";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createWorld, definitionWith, LIST, PARTITIONS, SECRET, type World } from "./support.ts";

let world: World;
beforeEach(async () => {
  world = await createWorld();
  world.list(LIST, definitionWith());
});
afterEach(() => world.close());

const signUp = (payload: object, headers: Record<string, string> = {}, list = LIST) =>
  world.app.inject({ method: "POST", url: `/v1/waitlists/${list}/entries`, payload, headers });

const ada = entryIdOf(SECRET, LIST, "ada@example.com");

describe("signing up", () => {
  it("puts the signup on the log and says where", async () => {
    const response = await signUp({ email: " Ada+news@Example.com ", name: "Ada", source: "blog" });
    expect(response.statusCode).toBe(202);
    expect(world.joins().map(({ data }) => data)).toEqual([
      {
        waitlistId: LIST,
        entryId: ada,
        needsConfirmation: false,
        email: "Ada+news@Example.com",
        name: "Ada",
        source: "blog",
      },
    ]);
    const answer = response.json();
    expect(answer).toEqual({
      entryId: ada,
      status: "accepted",
      acceptedAt: "2026-03-01T09:30:00.000Z",
      statusToken: expect.any(String),
      statusUrl: `https://waitlist.test/v1/entries/${ada}?token=${answer.statusToken}`,
      receipt: expect.any(String),
    });
    expect(world.tokens.verify(answer.receipt, "receipt")).toEqual({
      purpose: "receipt",
      entryId: ada,
      eventId: world.joins()[0]?.id,
      waitlistId: LIST,
      partition: partitionOf(LIST, PARTITIONS),
      offset: 100,
      acceptedAt: "2026-03-01T09:30:00.000Z",
    });
    expect(response.headers["cache-control"]).toBe("no-store");
  });

  it("asks for confirmation where the list does", async () => {
    world.list("careful", definitionWith({ doubleOptIn: true }));
    await signUp({ email: "ada@example.com" }, {}, "careful");
    expect(world.joins()[0]?.data.needsConfirmation).toBe(true);
  });

  it("counts referrals only where the list does, and never by oneself", async () => {
    world.list("plain", definitionWith({ referrals: false }));
    await signUp({ email: "ada@example.com", referredBy: "abcdefghij" }, {}, "plain");
    await signUp({ email: "ada@example.com", referredBy: ada.slice(0, 10) });
    await signUp({ email: "ada@example.com", referredBy: "abcdefghij" });
    expect(world.joins().map(({ data }) => data.referredBy)).toEqual([undefined, undefined, "abcdefghij"]);
  });

  it("says nothing of a place on a private list, however long a client would wait", async () => {
    const response = await signUp({ email: "ada@example.com" }, { prefer: "wait=10" });
    expect(response.statusCode).toBe(202);
    expect(response.headers["preference-applied"]).toBeUndefined();
  });

  it.each([
    ["waitlist-not-open", { opensAt: "2026-03-01T09:30:01Z" }, 0],
    ["waitlist-closed", { closesAt: "2026-03-01T09:30:00Z" }, 0],
    ["waitlist-full", { capacity: 5 }, 5],
  ])("refuses with %s", async (code, changes, count) => {
    world.list("other", definitionWith(changes), { count });
    const response = await signUp({ email: "ada@example.com" }, {}, "other");
    expect([response.statusCode, response.json().code]).toEqual([409, code]);
    expect(world.events).toEqual([]);
  });

  it("knows no list that isn't there", async () => {
    const response = await signUp({ email: "ada@example.com" }, {}, "nobody");
    expect([response.statusCode, response.json().code]).toEqual([404, "waitlist-not-found"]);
  });

  it("pretends nothing while the log is away", async () => {
    world.broken.log = true;
    const response = await signUp({ email: "ada@example.com" });
    expect(response.statusCode).toBe(503);
    expect(response.headers["retry-after"]).toBe("2");
    expect(response.json()).not.toHaveProperty("entryId");
  });

  it("is counted by route and status, whatever was asked for", async () => {
    await signUp({ email: "ada@example.com" });
    await world.app.inject("/v1/nowhere/ada@example.com");
    world.broken.log = true;
    await signUp({ email: "bea@example.com" });
    await signUp({ email: "cai@example.com" });
    const metrics = (await world.app.inject("/metrics")).body;
    const counted = (method: string, route: string, status: number) =>
      `waitlist_http_request_duration_seconds_count{service="gateway",method="${method}",route="${route}",status="${status}"}`;
    const route = "/v1/waitlists/:waitlistId/entries";
    expect(metrics).toContain(`${counted("POST", route, 202)} 1\n`);
    expect(metrics).toContain(`${counted("POST", route, 503)} 2\n`);
    expect(metrics).toContain(`${counted("GET", "unmatched", 404)} 1\n`);
    expect(metrics).not.toContain("example.com");
  });

  it("goes on for a list that it knows while storage and Redis are away", async () => {
    await signUp({ email: "ada@example.com" });
    world.broken.storage = true;
    world.broken.redis = true;
    world.time.now += 60_000;
    expect((await signUp({ email: "bea@example.com" }, { "idempotency-key": "k" })).statusCode).toBe(202);
    expect((await signUp({ email: "bea@example.com" }, {}, "unknown")).statusCode).toBe(503);
    expect(world.events).toHaveLength(2);
  });
});

describe("a signup under an Idempotency-Key", () => {
  const key = { "idempotency-key": "form-1" };

  it("is answered the same again, with one record", async () => {
    const first = await signUp({ email: "ada@example.com" }, key);
    world.time.now += 1000;
    const second = await signUp({ email: "ada@example.com" }, key);
    expect(second.json()).toEqual(first.json());
    expect(world.events).toHaveLength(1);
  });

  it("is refused with another body", async () => {
    await signUp({ email: "ada@example.com" }, key);
    const response = await signUp({ email: "bea@example.com" }, key);
    expect([response.statusCode, response.json().code]).toEqual([422, "idempotency-key-reused"]);
    expect(world.events).toHaveLength(1);
  });

  it("can be tried again after a failure", async () => {
    world.broken.log = true;
    expect((await signUp({ email: "ada@example.com" }, key)).statusCode).toBe(503);
    world.broken.log = false;
    expect((await signUp({ email: "ada@example.com" }, key)).statusCode).toBe(202);
  });

  it("is the same event again while Redis is away, and another one with another body or without a key", async () => {
    world.broken.redis = true;
    const ids: unknown[] = [];
    const idOf = async (payload: object, headers: Record<string, string> = key) => {
      const { receipt } = (await signUp(payload, headers)).json();
      ids.push(world.tokens.verify(receipt, "receipt")?.eventId);
      return ids.at(-1);
    };
    const first = await idOf({ email: "ada@example.com" });
    world.time.now += 1000;
    expect(await idOf({ email: "ada@example.com" })).toBe(first);
    expect(world.events.map(({ id }) => id)).toEqual([first, first]);
    await idOf({ email: "ada@example.com", name: "Ada" });
    await idOf({ email: "ada@example.com" }, { "idempotency-key": "form-2" });
    await idOf({ email: "ada@example.com" }, {});
    expect(new Set(ids).size).toBe(4);
  });

  it("is the same event again after an append of which nobody knows whether it was written", async () => {
    world.broken.acknowledgement = true;
    expect((await signUp({ email: "ada@example.com" }, key)).statusCode).toBe(503);
    world.broken.acknowledgement = false;
    expect((await signUp({ email: "ada@example.com" }, key)).statusCode).toBe(202);
    const [first, second] = world.joins();
    expect(world.joins()).toHaveLength(2);
    expect(second?.id).toBe(first?.id);
  });

  it("is another one on another list", async () => {
    world.list("other", definitionWith());
    await signUp({ email: "ada@example.com" }, key);
    expect((await signUp({ email: "ada@example.com" }, key, "other")).statusCode).toBe(202);
    expect(world.events).toHaveLength(2);
  });
});
