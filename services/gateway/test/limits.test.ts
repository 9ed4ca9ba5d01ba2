// What whoever asks too often is told, and who that is.
import { eventually, solve } from "@waitlist/testing";
import { afterEach, describe, expect, it } from "vitest";
import { bearer, createWorld, definitionWith, KEYS, LIST, type World, type WorldOptions } from "./support.ts";

const ORIGIN = "https://app.example";
let world: World;
afterEach(() => world.close());

async function aWorld(rateLimit: string, more: WorldOptions = {}) {
  world = await createWorld({ rateLimit, ...more });
  world.list(LIST, definitionWith({ allowedOrigins: [ORIGIN] }));
}

interface From {
  remoteAddress?: string;
  headers?: Record<string, string>;
  payload?: object;
  list?: string;
}

const signUp = ({ payload, headers = {}, list = LIST, remoteAddress }: From = {}) =>
  world.app.inject({
    method: "POST",
    url: `/v1/waitlists/${list}/entries`,
    payload: payload ?? { email: "ada@example.com" },
    headers,
    ...(remoteAddress ? { remoteAddress } : {}),
  });
const look = (url = `/v1/waitlists/${LIST}`, headers: Record<string, string> = {}) =>
  world.app.inject({ url, headers });

describe("signing up too often", () => {
  it("is refused with when to come back, and nothing is on the log", async () => {
    await aWorld("client=2/60");
    const first = await signUp();
    expect(first.statusCode).toBe(202);
    expect(first.headers["ratelimit-policy"]).toBe('"client";q=2;w=60');
    expect(first.headers.ratelimit).toMatch(/^"client";r=1;t=(60|59)$/);
    expect((await signUp()).statusCode).toBe(202);
    for (let i = 0; i < 3; i++) {
      const refused = await signUp();
      expect(refused.statusCode).toBe(429);
      expect(refused.headers["content-type"]).toBe("application/problem+json; charset=utf-8");
      expect(refused.json()).toEqual({
        type: "about:blank",
        title: "Too many requests; try again later.",
        status: 429,
        code: "rate-limited",
        detail: "There are too many signups from this address right now.",
      });
      expect(Number(refused.headers["retry-after"])).toBeGreaterThan(50);
      expect(refused.headers.ratelimit).toMatch(/^"client";r=0;t=\d\d$/);
    }
    expect(world.events).toHaveLength(2);
  });

  it("is refused, too, where another was counted at the same time, and that costs no challenge", async () => {
    await aWorld("client=1/60");
    world.list(LIST, definitionWith({ challenge: "always" }));
    const challenges = await Promise.all(
      [1, 2].map(async () => solve((await look(`/v1/waitlists/${LIST}/challenge`)).json())),
    );
    const answers = await Promise.all(
      challenges.map((challenge, n) => signUp({ payload: { email: `ada${n}@example.com`, challenge } })),
    );
    expect(answers.map(({ statusCode }) => statusCode).sort()).toEqual([202, 429]);
    expect(world.events).toHaveLength(1);
    const [refused] = challenges.filter((_, n) => answers[n]?.statusCode === 429);
    const elsewhere = {
      remoteAddress: "192.0.2.9",
      payload: { email: "bea@example.com", challenge: refused },
    };
    expect((await signUp(elsewhere)).statusCode).toBe(202);
  });

  it("is told to whoever is refused for something else", async () => {
    await aWorld("client=2/60");
    const invalid = await signUp({ payload: { email: 1 } });
    expect([invalid.statusCode, invalid.headers["ratelimit-policy"]]).toEqual([400, '"client";q=2;w=60']);
    expect((await signUp({ list: "nobody" })).headers.ratelimit).toMatch(/^"client";r=0/);
  });

  it("is refused under the Idempotency-Key of one that was accepted", async () => {
    await aWorld("client=1/60");
    const headers = { "idempotency-key": "once" };
    expect((await signUp({ headers })).statusCode).toBe(202);
    expect((await signUp({ headers })).statusCode).toBe(429);
  });

  it("is refused before the body is read", async () => {
    await aWorld("client=1/60");
    expect((await signUp({ payload: { email: 1 } })).statusCode).toBe(400);
    expect((await signUp({ payload: { email: "x".repeat(17_000) } })).statusCode).toBe(429);
  });

  it("counts for the list, whoever it is, and for that list only", async () => {
    await aWorld("list=2/60");
    world.list("other", definitionWith());
    for (const end of [1, 2]) await signUp({ remoteAddress: `192.0.2.${end}` });
    const refused = await signUp({ remoteAddress: "192.0.2.3" });
    expect([refused.statusCode, refused.headers["ratelimit-policy"]]).toEqual([429, '"list";q=2;w=60']);
    expect((await signUp({ remoteAddress: "192.0.2.3", list: "other" })).statusCode).toBe(202);
  });

  it("counts for everybody together", async () => {
    await aWorld("all=2/60");
    world.list("other", definitionWith());
    await signUp({ list: "other" });
    expect((await signUp({ remoteAddress: "192.0.2.3" })).headers.ratelimit).toMatch(/^"all";r=0/);
    expect((await signUp({ remoteAddress: "192.0.2.4" })).statusCode).toBe(429);
  });
});

describe("what isn't good for a place", () => {
  const people = [1, 2, 3, 4, 5, 6].map((end) => `192.0.2.${end}`);
  const solved = async () => solve((await look(`/v1/waitlists/${LIST}/challenge`)).json());

  it.each<[string, From]>([
    ["is for no list", { list: "nobody" }],
    ["is for what can't be a list", { list: "NO LIST" }],
    ["is malformed", { payload: { email: 1 } }],
    ["was filled in by a program", { payload: { email: "ada@example.com", website: "x" } }],
    ["has no address", { payload: { email: "nobody" } }],
  ])("because it %s takes no room from others", async (_what, junk) => {
    await aWorld("list=2/60,all=2/60");
    for (const remoteAddress of people)
      expect((await signUp({ ...junk, remoteAddress })).statusCode).toBeLessThan(429);
    expect((await signUp()).statusCode).toBe(202);
    // The control: what is good does.
    await signUp();
    expect((await signUp({ remoteAddress: "192.0.2.9" })).statusCode).toBe(429);
  });

  it("because it brings no solved challenge, or a used one, takes no room from others", async () => {
    await aWorld("list=2/60,all=2/60");
    world.list(LIST, definitionWith({ challenge: "always" }));
    const used = await solved();
    const bring = (challenge: string | undefined, remoteAddress: string) =>
      signUp({ remoteAddress, payload: { email: "bea@example.com", ...(challenge ? { challenge } : {}) } });
    expect((await bring(used, "192.0.2.9")).statusCode).toBe(202);
    for (const address of people) {
      expect((await bring(undefined, address)).statusCode).toBe(403);
      expect((await bring("bnVsbA==", address)).statusCode).toBe(400);
      expect((await bring(used, address)).statusCode).toBe(400);
    }
    expect((await bring(await solved(), "192.0.2.9")).headers.ratelimit).toMatch(/^"(list|all)";r=0/);
    // The control: good ones do.
    expect((await bring(await solved(), "192.0.2.9")).statusCode).toBe(429);
  });

  it("on a list under attack takes no room either, while the attack goes on being seen", async () => {
    await aWorld("list=4/60,all=4/60,attack=2/60");
    world.list(LIST, definitionWith({ challenge: "auto" }));
    const asksNow = async () => (await look()).json().challengeRequired;
    for (const remoteAddress of people) await signUp({ remoteAddress });
    expect(await asksNow()).toBe(true);
    const challenge = await solved();
    const good = await signUp({
      remoteAddress: "192.0.2.9",
      payload: { email: "bea@example.com", challenge },
    });
    expect(good.statusCode).toBe(202);
  });

  it("counts for its own client all the same", async () => {
    await aWorld("client=2/60");
    for (const list of ["nobody", "nothing"]) expect((await signUp({ list })).statusCode).toBe(404);
    expect((await signUp()).statusCode).toBe(429);
  });

  it("costs a challenge that was refused for the list's limit nothing, and it counts again when it comes back", async () => {
    await aWorld("list=1/1");
    world.list(LIST, definitionWith({ challenge: "always" }));
    const bring = (challenge: string) => signUp({ payload: { email: "bea@example.com", challenge } });
    const both = await Promise.all(
      [await solved(), await solved()].map(async (each) => ({ each, is: await bring(each) })),
    );
    const refused = both.find(({ is }) => is.statusCode === 429)?.each ?? "";
    await eventually(async () => expect((await bring(refused)).statusCode).toBe(202));
    expect((await bring(await solved())).statusCode).toBe(429);
  });
});

describe("whose signup it is", () => {
  it("is told by the IPv4 address, also where IPv6 wraps it", async () => {
    await aWorld("client=1/60");
    expect((await signUp({ remoteAddress: "192.0.2.1" })).statusCode).toBe(202);
    expect((await signUp({ remoteAddress: "::ffff:192.0.2.1" })).statusCode).toBe(429);
    expect((await signUp({ remoteAddress: "192.0.2.2" })).statusCode).toBe(202);
  });

  it("is told by the network of an IPv6 address: moving about in it gains nothing", async () => {
    await aWorld("client=1/60");
    expect((await signUp({ remoteAddress: "2001:db8:0:1::1" })).statusCode).toBe(202);
    expect((await signUp({ remoteAddress: "2001:db8:0:1:ffff::2" })).statusCode).toBe(429);
    expect((await signUp({ remoteAddress: "2001:db8:0:2::1" })).statusCode).toBe(202);
  });

  it("is told, too, by the larger network around that, which is one home's: 20 of its blocks use it up", async () => {
    await aWorld("client=1/60");
    const from = async (address: string) => (await signUp({ remoteAddress: address })).statusCode;
    for (let n = 0; n < 20; n++) expect(await from(`2001:db8:0:${n}::1`)).toBe(202);
    expect(await from("2001:db8:0:99::1")).toBe(429);
    expect(await from("2001:db8:1:99::1")).toBe(202);
  });

  it("is not told by a forged X-Forwarded-For", async () => {
    await aWorld("client=1/60");
    expect((await signUp({ headers: { "x-forwarded-for": "192.0.2.1" } })).statusCode).toBe(202);
    expect((await signUp({ headers: { "x-forwarded-for": "192.0.2.2" } })).statusCode).toBe(429);
  });

  it("is told by what the one proxy in front says, not by what it was told", async () => {
    await aWorld("client=1/60", { trustProxy: "1" });
    const via = (forwarded: string) => signUp({ headers: { "x-forwarded-for": forwarded } });
    expect((await via("203.0.113.7, 192.0.2.1")).statusCode).toBe(202);
    expect((await via("203.0.113.8, 192.0.2.1")).statusCode).toBe(429);
    expect((await via("203.0.113.7, 192.0.2.2")).statusCode).toBe(202);
  });

  it("is told by the right-most address that is none of the trusted proxies'", async () => {
    await aWorld("client=1/60", { trustProxy: "loopback,10.0.0.0/8" });
    const via = (forwarded: string, remoteAddress = "127.0.0.1") =>
      signUp({ remoteAddress, headers: { "x-forwarded-for": forwarded } });
    expect((await via("203.0.113.7, 192.0.2.1, 10.1.2.3")).statusCode).toBe(202);
    expect((await via("203.0.113.8, 192.0.2.1")).statusCode).toBe(429);
    // Past the proxies: then the address itself counts, whatever it says.
    expect((await via("192.0.2.2", "198.51.100.1")).statusCode).toBe(202);
    expect((await via("192.0.2.3", "198.51.100.1")).statusCode).toBe(429);
  });

  it("is the proxy's own where the proxy passes on what is no address", async () => {
    await aWorld("client=1/60", { trustProxy: "1" });
    expect((await signUp({ headers: { "x-forwarded-for": "unknown" } })).statusCode).toBe(202);
    expect((await signUp({ headers: { "x-forwarded-for": "x".repeat(5000) } })).statusCode).toBe(429);
  });
});

describe("an admin key", () => {
  it("isn't limited, and a wrong one is no way round the limits", async () => {
    await aWorld("client=1/60,reads=2/60");
    for (let i = 0; i < 5; i++) {
      const response = await signUp({ headers: bearer(KEYS.admin) });
      expect([response.statusCode, response.headers.ratelimit]).toEqual([202, undefined]);
    }
    expect((await signUp({ headers: bearer("wrong") })).statusCode).toBe(202);
    expect((await signUp({ headers: bearer("wrong") })).statusCode).toBe(429);
    const guess = (key: string) => look(`/v1/waitlists/${LIST}/entries`, bearer(key));
    const guessed = [await guess("a"), await guess("b"), await guess("c")];
    expect(guessed.map(({ statusCode }) => statusCode)).toEqual([401, 401, 429]);
    expect((await guess(KEYS.read)).statusCode).toBe(200);
  });
});

describe("asking too often", () => {
  it("for anything public, there or not, is refused by address and apart from signups", async () => {
    await aWorld("reads=3/60");
    expect((await look()).headers["ratelimit-policy"]).toBe('"reads";q=3;w=60');
    expect((await look("/v1/nothing")).statusCode).toBe(404);
    expect((await look("/v1/entries/x?token=y")).statusCode).toBe(404);
    const refused = [await look(), await look("/v1/nothing"), await look("/v1/%65ntries/x")];
    expect(refused.map(({ statusCode }) => statusCode)).toEqual([429, 429, 429]);
    expect((await signUp()).statusCode).toBe(202);
  });

  it("is refused however the path is spelled", async () => {
    await aWorld("reads=1/60");
    const path = `/%76%31/waitlists/${LIST}`;
    const spelled = [await look(path), await look(path), await look()];
    expect(spelled.map(({ statusCode }) => statusCode)).toEqual([200, 429, 429]);
  });

  it("for health, metrics and documents never is", async () => {
    await aWorld("reads=1/60");
    for (const url of ["/livez", "/readyz", "/metrics", "/openapi.json", "/asyncapi.json", "/docs/", "/"]) {
      for (let i = 0; i < 3; i++) {
        const response = await look(url);
        expect([url, response.statusCode, response.headers.ratelimit]).toEqual([url, 200, undefined]);
      }
    }
  });

  it("makes nobody read lists, though a page of a known list may read the refusal", async () => {
    await aWorld("reads=2/60");
    const asPage = { origin: ORIGIN };
    expect((await look(undefined, asPage)).headers["access-control-allow-origin"]).toBe(ORIGIN);
    await look();
    world.list("unread", definitionWith({ allowedOrigins: [ORIGIN] }));
    const refused = await look(undefined, asPage);
    expect(refused.statusCode).toBe(429);
    expect(refused.headers["access-control-allow-origin"]).toBe(ORIGIN);
    expect(refused.headers["access-control-expose-headers"]).toBe(
      "etag, preference-applied, retry-after, ratelimit, ratelimit-policy",
    );
    const unread = await look("/v1/waitlists/unread", asPage);
    expect([unread.statusCode, unread.headers["access-control-allow-origin"]]).toEqual([429, undefined]);
  });

  it("with preflights for lists that aren't there reads none of them, either", async () => {
    await aWorld("reads=1/60");
    const preflight = (list: string) =>
      world.app.inject({
        method: "OPTIONS",
        url: `/v1/waitlists/${list}/entries`,
        headers: { origin: ORIGIN, "access-control-request-method": "POST" },
      });
    expect((await preflight(LIST)).headers["access-control-allow-origin"]).toBe(ORIGIN);
    world.list("unread", definitionWith({ allowedOrigins: [ORIGIN] }));
    expect((await preflight("unread")).headers["access-control-allow-origin"]).toBeUndefined();
    expect((await preflight(LIST)).headers["access-control-allow-origin"]).toBe(ORIGIN);
  });
});

describe("with RATE_LIMIT off", () => {
  it("nothing is counted", async () => {
    await aWorld("off");
    for (let i = 0; i < 130; i++) expect((await signUp()).statusCode).toBe(202);
    expect((await signUp()).headers.ratelimit).toBeUndefined();
  });
});

describe("metrics", () => {
  it("tell of no address", async () => {
    await aWorld("client=1/60", { trustProxy: "1" });
    for (let i = 0; i < 3; i++) await signUp({ headers: { "x-forwarded-for": "192.0.2.77" } });
    const metrics = (await look("/metrics")).body;
    expect(metrics).toMatch(/waitlist_limited_requests_total\{[^}]*policy="client"[^}]*\} \d/);
    expect(metrics).not.toContain("192.0.2");
    expect(metrics).not.toContain(LIST);
  });
});
