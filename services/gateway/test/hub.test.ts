import { ProblemError } from "@waitlist/contracts";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Shown } from "../src/live/look.ts";
import { STALLED_MS } from "../src/live/viewer.ts";
import {
  claimsOf,
  createClient,
  createHubWorld,
  type HubWorld,
  PARTITION,
  shownAs,
  unavailable,
} from "./hub-world.ts";

let now: Shown | Error;
let reads: string[];
let world: HubWorld;
const look = async ({ waitlistId }: { waitlistId: string }, how: string): Promise<Shown> => {
  reads.push(`${how} ${waitlistId}`);
  if (now instanceof Error) throw now;
  return now;
};
beforeEach(() => {
  vi.useFakeTimers();
  [now, reads] = [shownAs("a"), []];
  world = createHubWorld(look);
});
afterEach(() => vi.useRealTimers());

const announce = (next: number, changed?: string[], partition = PARTITION) =>
  world.hub.announced({ partition, next, ...(changed ? { changed } : {}) });
const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms);
const nothing = { streams: 0, lists: 0, waiting: 0 };

async function opened(waitlistId = "list", joinOffset = 1, slow = false) {
  const client = createClient(claimsOf(waitlistId, joinOffset));
  expect(await world.open(client, { slow })).toBe(true);
  return client;
}

describe("an open stream", () => {
  it("shows a state at once, and each other one once", async () => {
    const client = await opened();
    now = shownAs("b");
    announce(9, ["list"]);
    await pass(5000);
    announce(10, ["list"]);
    await pass(5000);
    expect(client.got).toEqual(["a", "b"]);
  });

  it("isn't read for what only others are told of", async () => {
    await opened();
    announce(9, ["another"]);
    announce(9, []);
    announce(9, undefined, PARTITION + 1);
    await pass(5000);
    expect(reads).toEqual(["find list"]);
    announce(9);
    await pass(0);
    expect(reads).toEqual(["find list", "follow list"]);
  });

  it("is told nothing that it has seen before it came back", async () => {
    const client = await opened();
    client.leave?.();
    await world.open(client);
    now = shownAs("b");
    client.leave?.();
    await world.open(client);
    expect(client.got).toEqual(["a", "b"]);
  });

  it("ends with a state that nothing can follow", async () => {
    const client = await opened();
    now = shownAs("gone", { last: true });
    announce(9, ["list"]);
    await pass(0);
    expect(client).toMatchObject({ got: ["a", "gone"], ended: true, cut: false });
    expect(world.hub.size()).toEqual(nothing);
  });

  it("ends when there is nothing to be seen any more", async () => {
    const client = await opened();
    now = new ProblemError("entry-not-found");
    announce(9, ["list"]);
    await pass(0);
    expect(client).toMatchObject({ got: ["a"], ended: true });
    await pass(5000);
    expect(reads).toHaveLength(2);
  });

  it("ends when its token expires, and shows nothing after that", async () => {
    const client = createClient(claimsOf("list", 1, Math.floor(Date.now() / 1000) + 10));
    const other = createClient(claimsOf("list", 2, Math.floor(Date.now() / 1000) + 10));
    await Promise.all([world.open(client), world.open(other)]);
    await pass(10_000);
    now = shownAs("b");
    world.hub.beat(0, 2);
    expect([client.ended, other.ended]).toEqual([true, false]);
    announce(9, ["list"]);
    await pass(0);
    expect(other).toMatchObject({ got: ["a"], ended: true });
  });
});

describe("a list that changes all the time", () => {
  it("is read once a second, and once more after its last change", async () => {
    const client = await opened();
    for (let change = 1; change <= 25; change += 1) {
      now = shownAs(`${change}`);
      announce(change, ["list"]);
      await pass(100);
    }
    expect(client.got).toEqual(["a", "1", "10", "20"]);
    await pass(1000);
    expect(client.got).toEqual(["a", "1", "10", "20", "25"]);
    expect(reads).toHaveLength(5);
    expect(world.forgotten).toHaveLength(4);
  });

  it("is read again where a read fails, until it works", async () => {
    const client = await opened();
    now = unavailable();
    announce(9, ["list"]);
    await pass(3500);
    expect(reads).toHaveLength(5);
    now = shownAs("b");
    await pass(1000);
    expect(client.got).toEqual(["a", "b"]);
    await pass(5000);
    expect(reads).toHaveLength(6);
    expect(world.errors).toEqual([]);
  });

  it("has all its streams read in chunks, of which a failed one is the last", async () => {
    world = createHubWorld(look, { maxStreams: 1000 });
    const clients = await Promise.all(Array.from({ length: 500 }, (_, offset) => opened("list", offset)));
    reads = [];
    now = unavailable();
    announce(999, ["list"]);
    await pass(500);
    expect(reads).toHaveLength(200);
    now = shownAs("b");
    await pass(1000);
    expect(reads).toHaveLength(700);
    expect(clients.every(({ got }) => got.at(-1) === "b")).toBe(true);
  });

  it("is read again after announcements may have been missed", async () => {
    const client = await opened();
    now = shownAs("b");
    world.hub.resumed();
    await pass(0);
    expect(client.got).toEqual(["a", "b"]);
  });

  it("tells of failures that are nobody's outage", async () => {
    await opened();
    now = new TypeError("a mistake of ours");
    announce(9, ["list"]);
    await pass(0);
    expect(world.errors).toEqual([now]);
  });
});

describe("a stream whose place isn't stored yet", () => {
  beforeEach(() => {
    now = shownAs("accepted", { waiting: true });
  });

  it("is read as soon as an announcement passes its offset, and then no more", async () => {
    const client = await opened("list", 7);
    announce(7, []);
    announce(8, [], PARTITION + 1);
    await pass(0);
    expect(reads).toEqual(["find list"]);
    now = shownAs("a");
    announce(8, []);
    await pass(0);
    expect(client.got).toEqual(["accepted", "a"]);
    announce(9, []);
    await pass(5000);
    expect(reads).toEqual(["find list", "follow list"]);
    expect(world.hub.size().waiting).toBe(0);
  });

  it("doesn't make the others of its list be read", async () => {
    await opened("list", 7);
    now = shownAs("a");
    await opened("list", 1);
    announce(8, []);
    await pass(5000);
    expect(reads).toEqual(["find list", "find list", "follow list"]);
  });

  it("is read once a second at most where it still isn't there", async () => {
    await opened("list", 7);
    for (let next = 8; next < 38; next += 1) {
      announce(next, []);
      await pass(100);
    }
    expect(reads.length).toBeLessThanOrEqual(6);
    expect(reads.length).toBeGreaterThanOrEqual(4);
  });

  it("is read once, whatever the reasons", async () => {
    const held = Promise.withResolvers<Shown>();
    let follows = 0;
    world = createHubWorld(async (claims, how) => {
      if (how === "find") return shownAs("accepted", { waiting: true });
      if (claims.waitlistId === "other") return held.promise;
      follows += 1;
      return shownAs("a");
    });
    await opened("list", 7);
    await opened("other", 1);
    announce(2, []);
    announce(8, ["list"]);
    held.resolve(shownAs("a"));
    await pass(5000);
    expect(follows).toBe(1);
  });

  it("misses no announcement that comes while it opens", async () => {
    const client = createClient(claimsOf("list", 7));
    const opening = world.open(client);
    now = shownAs("a");
    announce(8, []);
    await opening;
    await pass(0);
    expect(client.got).toEqual(["accepted", "a"]);
  });
});

describe("a client that takes nothing", () => {
  it("gets the newest state when it takes something again, and nothing of those between", async () => {
    const client = await opened("list", 1, true);
    for (const id of ["b", "c", "d"]) {
      now = shownAs(id);
      announce(9, ["list"]);
      await pass(1000);
    }
    client.take?.();
    client.take?.();
    expect(client).toMatchObject({ got: ["a", "d"], take: null });
  });

  it("isn't shown a state again that came back meanwhile", async () => {
    const client = await opened("list", 1, true);
    for (const id of ["b", "a"]) {
      now = shownAs(id);
      announce(9, ["list"]);
      await pass(1000);
    }
    client.take?.();
    expect(client).toMatchObject({ got: ["a"], take: null });
  });

  it("is cut off after a minute, whatever else it is to be sent", async () => {
    const client = await opened("list", 1, true);
    await pass(STALLED_MS);
    world.hub.beat(0, 1);
    expect(client.cut).toBe(false);
    await pass(1);
    world.hub.beat(0, 1);
    expect(client.cut).toBe(true);
    expect(world.hub.size()).toEqual(nothing);
  });

  it("is cut off at once when the server stops", async () => {
    const [slow, other] = [await opened("list", 1, true), await opened("list", 2)];
    world.hub.close();
    expect([slow.cut, other.cut, other.ended]).toEqual([true, false, true]);
    expect(world.hub.size()).toEqual(nothing);
  });
});

describe("the hub", () => {
  it("keeps nothing of clients that went away", async () => {
    world = createHubWorld(look, { maxStreams: 1000 });
    now = shownAs("accepted", { waiting: true });
    const clients = await Promise.all(
      Array.from({ length: 1000 }, (_, offset) => opened(`list-${offset % 7}`, offset)),
    );
    expect(world.hub.size()).toEqual({ streams: 1000, lists: 7, waiting: 1000 });
    announce(500);
    for (const { leave } of clients) leave?.();
    await pass(5000);
    expect(world.hub.size()).toEqual(nothing);
    expect(vi.getTimerCount()).toBe(0);
  });

  it("keeps nothing of streams that could not begin", async () => {
    now = unavailable();
    await expect(world.open(createClient(claimsOf("list", 1)))).rejects.toThrow(ProblemError);
    now = shownAs("a");
    const { claims } = createClient(claimsOf("list", 1));
    expect(await world.hub.open({ claims, from: { client: "a" }, seen: "a", connect: () => null })).toBe(
      false,
    );
    expect(world.hub.size()).toEqual(nothing);
  });

  it("refuses more than it may hold, those that open counted, and has room again when one leaves", async () => {
    world = createHubWorld(look, { maxStreams: 2 });
    const [first] = await Promise.all([opened("list", 1), opened("list", 2)]);
    const third = createClient(claimsOf("list", 3));
    await expect(world.open(third)).rejects.toMatchObject({ code: "unavailable", retryAfter: 30 });
    expect(world.refused).toBe(1);
    first.leave?.();
    expect(await world.open(third)).toBe(true);
  });

  it("takes no more once it is closed, not even who was just opening", async () => {
    const client = createClient(claimsOf("list", 1));
    const opening = world.open(client);
    world.hub.close();
    await expect(opening).rejects.toMatchObject({ code: "unavailable" });
    await expect(world.open(client)).rejects.toMatchObject({ code: "unavailable" });
    expect(world.hub.size()).toEqual(nothing);
  });

  it("sends each stream one heartbeat a round, and not all at a time", async () => {
    const clients = await Promise.all([1, 2, 3, 4].map((offset) => opened("list", offset)));
    world.hub.beat(0, 2);
    expect(clients.map(({ heartbeats }) => heartbeats)).toEqual([1, 0, 1, 0]);
    world.hub.beat(1, 2);
    expect(clients.map(({ heartbeats }) => heartbeats)).toEqual([1, 1, 1, 1]);
  });
});
