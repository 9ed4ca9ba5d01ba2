// Live status over HTTP, in a world in memory.
import { entryIdOf, partitionOf, type StoredEntry } from "@waitlist/contracts";
import { eventually } from "@waitlist/testing";
import { mailedClaims, type StatusClaims, typedClaims } from "@waitlist/tokens";
import { afterEach, describe, expect, it } from "vitest";
import { type EventSource, openEventSource } from "./event-source.ts";
import {
  bearer,
  createWorld,
  definitionWith,
  LIST,
  PARTITIONS,
  SECRET,
  type World,
  type WorldOptions,
} from "./support.ts";

const entryId = entryIdOf(SECRET, LIST, "ada@example.com");
const named = { waitlistId: LIST, entryId, joinOffset: 100 };
const place: StoredEntry = {
  ...{ waitlistId: LIST, entryId, status: "waiting", position: 3, ahead: 2 },
  ...{
    joinedAt: "2026-03-01T09:30:00.020Z",
    referralCode: entryId.slice(0, 10),
    referrals: 4,
    joinOffset: 100,
  },
};
const { joinOffset: _, ...shownPlace } = place;
const accepted = { waitlistId: LIST, entryId, status: "accepted" };
const partition = partitionOf(LIST, PARTITIONS);

let world: World;
let url: string;
const sources: EventSource[] = [];
afterEach(async () => {
  for (const source of sources.splice(0)) source.close();
  await world.close();
});

/** A gateway that listens, whose list is public unless a test says otherwise. */
async function start(options: WorldOptions = {}, revealPosition: "on-signup" | "by-email" = "on-signup") {
  world = await createWorld(options);
  world.list(LIST, definitionWith({ revealPosition }));
  world.model.answer = { next: 101, entry: place };
  url = await world.app.listen({ host: "127.0.0.1", port: 0 });
}

const typed = () => world.tokens.sign(typedClaims(named, world.time.now));
const mailed = () => world.tokens.sign(mailedClaims(named, world.time.now));

async function watch(token?: string, headers: Record<string, string> = {}, id = entryId) {
  const shown = token === undefined ? {} : bearer(token);
  const source = await openEventSource(`${url}/v1/entries/${id}/events`, { ...shown, ...headers });
  sources.push(source);
  return source;
}

/** Storage has stored something of the list. */
function change(entry: Partial<StoredEntry>): void {
  world.model.answer = { next: 200, entry: { ...place, ...entry } };
  for (const hearer of world.hearers) hearer.announced({ partition, next: 200, changed: [LIST] });
}

const got = (source: EventSource, count: number) =>
  eventually(() => {
    expect(source.events).toHaveLength(count);
    return source.events.map(({ data }) => data);
  });
const open = async () => {
  const metric = await world.registry.getSingleMetric("waitlist_gateway_streams")?.get();
  return metric?.values[0]?.value;
};

describe("a stream", () => {
  it("shows at once what the status read shows, and each change", async () => {
    await start();
    const source = await watch(typed());
    expect(await got(source, 1)).toEqual([shownPlace]);
    expect(source.events[0]?.event).toBe("status");
    const read = await world.app.inject({ url: `/v1/entries/${entryId}`, headers: bearer(typed()) });
    expect(source.events[0]?.data).toEqual(read.json());
    change({ ahead: 1 });
    await got(source, 2);
    change({ ahead: 1 });
    change({ ahead: 0 });
    expect((await got(source, 3)).map(({ ahead }) => ahead)).toEqual([2, 1, 0]);
    expect(new Set(source.events.map(({ id }) => id)).size).toBe(3);
  });

  it("is neither kept by caches nor gathered by proxies, and its end is the connection's", async () => {
    await start();
    const { status, headers } = await watch(typed());
    expect(status).toBe(200);
    expect(headers).toMatchObject({
      ...{ "content-type": "text/event-stream", "cache-control": "no-store", "x-accel-buffering": "no" },
      ...{ connection: "close", "referrer-policy": "no-referrer", "x-content-type-options": "nosniff" },
    });
    expect(headers).not.toHaveProperty("content-encoding");
  });

  it("takes the token in the query too, as browsers' EventSource has to give it", async () => {
    await start();
    const source = await openEventSource(`${url}/v1/entries/${entryId}/events?token=${typed()}`);
    sources.push(source);
    expect(await got(source, 1)).toEqual([shownPlace]);
  });

  it("is accepted first, then shows the place as soon as it is stored", async () => {
    await start();
    world.model.answer = { next: 100, entry: null };
    const source = await watch(typed());
    expect(await got(source, 1)).toEqual([accepted]);
    world.model.answer = { next: 101, entry: place };
    for (const hearer of world.hearers) hearer.announced({ partition, next: 101, changed: [] });
    expect(await got(source, 2)).toEqual([accepted, shownPlace]);
  });

  it("shows an invite to the token of a mail only", async () => {
    await start();
    const sources = [await watch(typed()), await watch(mailed())] as const;
    const invite = { code: "ABCD-EFGH-JKMN", expiresAt: "2026-03-08T00:00:00.000Z" };
    change({ status: "invited", invite });
    const [toTyped, toMailed] = [await got(sources[0], 2), await got(sources[1], 2)];
    expect(toTyped[1]).toEqual({ ...shownPlace, status: "invited" });
    expect(toMailed[1]).toMatchObject({ invite: { url: "https://waitlist.test/i/ABCD-EFGH-JKMN" } });
  });

  it("shows the token of a mail the place that it was sent for, and no later one", async () => {
    await start();
    const source = await watch(mailed());
    await got(source, 1);
    const { position, joinedAt } = place;
    const former = { joinOffset: 100, eventId: "e100", position, joinedAt, confirmed: false, endOffset: 140 };
    world.held.set(`${entryId}:100`, { place: { ...former, status: "left" }, next: 151 });
    change({ joinOffset: 150, position: 9, ahead: 8 });
    await source.ended;
    const left = { ...shownPlace, status: "left", ahead: 0 };
    expect(source.events.map(({ data }) => data)).toEqual([shownPlace, left]);
  });

  it("of a typed token on a private list is one event that says nothing, and ends; it is not come back to", async () => {
    await start({}, "by-email");
    const [source, proven] = [await watch(typed()), await watch(mailed())];
    await source.ended;
    expect(source.events.map(({ data }) => data)).toEqual([accepted]);
    expect((await watch(typed(), { "last-event-id": source.events[0]?.id ?? "" })).status).toBe(204);
    change({ ahead: 1 });
    await got(proven, 2);
    expect(await open()).toBe(1);
  });

  it("of a typed token ends, too, when its list becomes private", async () => {
    await start();
    const source = await watch(typed());
    await got(source, 1);
    world.list(LIST, definitionWith());
    change({});
    await source.ended;
    expect(source.events.map(({ data }) => data)).toEqual([shownPlace, accepted]);
  });

  it("ends after the place was left, and whoever has seen that is told to stay away", async () => {
    await start();
    const source = await watch(typed());
    await got(source, 1);
    change({ status: "left" });
    await source.ended;
    expect(source.events.at(-1)?.data).toMatchObject({ status: "left" });
    const again = await watch(typed(), { "last-event-id": source.events.at(-1)?.id ?? "" });
    expect(again.status).toBe(204);
    const anew = await watch(typed());
    await anew.ended;
    expect(anew.events.map(({ data }) => data.status)).toEqual(["left"]);
    expect(await open()).toBe(0);
  });

  it("ends when the token expires", async () => {
    await start({ heartbeatMs: 30 });
    const claims: StatusClaims = { ...typedClaims(named, 0), exp: Math.ceil(world.time.now / 1000) + 5 };
    const source = await watch(world.tokens.sign(claims));
    await got(source, 1);
    world.time.now += 5000;
    await source.ended;
    expect(await open()).toBe(0);
  });
});

describe("a client that comes back", () => {
  it("is shown only what it has not seen", async () => {
    await start({ heartbeatMs: 30 });
    const first = await watch(typed());
    await got(first, 1);
    first.close();
    const id = first.events[0]?.id ?? "";
    const second = await watch(typed(), { "last-event-id": id });
    await eventually(() => expect(second.heartbeats()).toBeGreaterThan(1));
    expect(second.events).toEqual([]);
    second.close();
    change({ ahead: 0 });
    const third = await watch(typed(), { "last-event-id": id });
    expect((await got(third, 1))[0]?.ahead).toBe(0);
    const odd = await watch(typed(), { "last-event-id": "\u00ff".repeat(2000) });
    expect((await got(odd, 1))[0]?.ahead).toBe(0);
  });
});

describe("what doesn't get a stream", () => {
  it("is a token that doesn't fit: 404 before any stream", async () => {
    await start();
    const other = entryIdOf(SECRET, LIST, "bea@example.com");
    const expired = world.tokens.sign(typedClaims(named, world.time.now - 91 * 24 * 3600 * 1000));
    const gone = world.tokens.sign(typedClaims({ ...named, waitlistId: "gone" }, world.time.now));
    const answers = [
      await watch(),
      await watch("x".repeat(2000)),
      await watch(typed(), {}, other),
      await watch(expired),
      await watch(gone),
    ];
    world.model.answer = { next: 101, entry: null };
    answers.push(await watch(typed()));
    for (const answer of answers) {
      expect(answer.status).toBe(404);
      expect(answer.problem).toEqual(answers[0]?.problem);
      expect(answer.headers["content-type"]).toContain("application/problem+json");
    }
    expect(answers[0]?.problem).toMatchObject({ code: "entry-not-found" });
    expect(await open()).toBe(0);
  });

  it("is one more than there is room for, until somebody goes", async () => {
    await start({ maxStreams: 2 });
    const [first] = [await watch(typed()), await watch(typed())];
    const third = await watch(typed());
    expect([third.status, third.headers["retry-after"]]).toEqual([503, "30"]);
    expect(third.problem).toMatchObject({ code: "unavailable" });
    first.close();
    await eventually(async () => expect((await watch(typed())).status).toBe(200));
    const refused = await world.registry.getSingleMetric("waitlist_gateway_streams_refused_total")?.get();
    expect(refused?.values[0]?.value).toBeGreaterThan(0);
  });

  it("is one more than its client may have, until one of those goes; another client has its own", async () => {
    await start({ maxPerClient: 2, trustProxy: "1" });
    const from = (address: string) => watch(typed(), { "x-forwarded-for": address });
    const [first] = [await from("192.0.2.1"), await from("192.0.2.1")];
    const third = await from("192.0.2.1");
    expect([third.status, third.headers["retry-after"]]).toEqual([429, "30"]);
    expect(third.problem).toMatchObject({ code: "rate-limited" });
    expect((await from("192.0.2.2")).status).toBe(200);
    first.close();
    await eventually(async () => expect((await from("192.0.2.1")).status).toBe(200));
  });

  it("is one more than an entry may have; the token of a mail has room of its own", async () => {
    await start({ maxPerEntry: 1 });
    await watch(typed());
    const second = await watch(typed());
    expect([second.status, second.headers["retry-after"]]).toEqual([429, "30"]);
    expect((await watch(mailed())).status).toBe(200);
  });

  it("is a HEAD: it would open a stream that nobody reads", async () => {
    await start();
    const response = await fetch(`${url}/v1/entries/${entryId}/events`, {
      method: "HEAD",
      headers: bearer(typed()),
    });
    expect(response.status).toBe(405);
    expect(await open()).toBe(0);
  });

  it("is who asks while nobody can be asked; streams that are open stay, and go on when they can", async () => {
    await start();
    const source = await watch(typed());
    await got(source, 1);
    world.broken.redis = true;
    world.broken.storage = true;
    const refused = await watch(typed());
    expect([refused.status, refused.headers["retry-after"]]).toEqual([503, "2"]);
    change({ ahead: 0 });
    world.broken.storage = false;
    // Storage is there for single reads: for a stream that opens, not for those that are open.
    world.entries.set(entryId, { ...place, ahead: 1 });
    const another = await watch(typed());
    expect((await got(another, 1))[0]?.ahead).toBe(1);
    expect(source.events).toHaveLength(1);
    world.broken.redis = false;
    expect((await got(source, 2))[1]?.ahead).toBe(0);
    for (const hearer of world.hearers) hearer.resumed();
    expect((await got(another, 2))[1]?.ahead).toBe(0);
  });
});

describe("the gateway", () => {
  it("notices who goes away, and keeps nothing of a thousand streams", async () => {
    await start();
    for (let hundred = 0; hundred < 10; hundred += 1) {
      await Promise.all(Array.from({ length: 100 }, () => watch(typed())));
    }
    expect(await open()).toBe(1000);
    for (const source of sources.splice(0)) source.close();
    await eventually(async () => expect(await open()).toBe(0));
  });

  it("ends all streams when it stops, without delay, and takes no more", async () => {
    await start();
    const open = await Promise.all([1, 2, 3].map(() => watch(typed())));
    const began = performance.now();
    await world.close();
    expect(performance.now() - began).toBeLessThan(2000);
    await Promise.all(open.map(({ ended }) => ended));
  });

  it("lets pages of the token's list read a stream, and its refusals, and no others", async () => {
    await start();
    world.list(
      LIST,
      definitionWith({ revealPosition: "on-signup", allowedOrigins: ["https://app.example"] }),
    );
    const allowed = async (origin: string, id = entryId) =>
      (await watch(typed(), { origin }, id)).headers["access-control-allow-origin"];
    expect(await allowed("https://app.example")).toBe("https://app.example");
    expect(await allowed("https://app.example", "x")).toBe("https://app.example");
    expect(await allowed("https://evil.example")).toBeUndefined();
    const preflight = await world.app.inject({
      ...{ method: "OPTIONS", url: `/v1/entries/${entryId}/events` },
      headers: { origin: "https://app.example", "access-control-request-method": "GET" },
    });
    expect(preflight.headers["access-control-allow-headers"]).toContain("last-event-id");
  });

  it("counts what it sends, and doesn't take a stream's length for a slow answer", async () => {
    await start();
    const source = await watch(typed());
    await got(source, 1);
    change({ status: "left" });
    await source.ended;
    const metrics = (await world.app.inject("/metrics")).body;
    expect(metrics).toMatch(/waitlist_gateway_stream_events_total{[^}]*} 2/);
    expect(metrics).not.toMatch(/waitlist_http_request_duration_seconds_count{[^}]*events/);
  });
});
