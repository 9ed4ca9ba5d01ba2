// The pages that mails lead to.
import { confirmUrlOf, leaveUrlOf, statusUrlOf, unsubscribeUrlOf } from "@waitlist/tokens";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { about, entryId, placeAt, store, type TokenKind, tokensOf } from "./person.ts";
import { createWorld, definitionWith, LIST, PUBLIC_URL, type World } from "./support.ts";

const NAME = `Ada's <b>"list"</b> & more`;

let world: World;
let tokens: Record<TokenKind, string>;
beforeEach(async () => {
  world = await createWorld();
  world.list(LIST, definitionWith({ name: NAME, doubleOptIn: true, brand: { color: "#20C5C5" } }));
  tokens = tokensOf(world);
  store(world, [placeAt(100, { status: "pending" })]);
});
afterEach(() => world.close());

const get = (url: string) => world.app.inject(url);
const press = (path: string, token: string, type = "application/x-www-form-urlencoded") =>
  world.app.inject({
    ...{ method: "POST", url: path, payload: new URLSearchParams({ token }).toString() },
    headers: { "content-type": type },
  });

/** Every link of a page, as a browser finds it. */
const linksOf = (body: string, url: string): string[] =>
  [...body.matchAll(/(?:href|action|src)="([^"]*)"/g)].map(([, link = ""]) => {
    const { pathname, search } = new URL(link.replaceAll("&amp;", "&"), new URL(url, PUBLIC_URL));
    return pathname + search;
  });

describe("a scanner that follows every link of a mail and of the pages behind it", () => {
  it("confirms nobody, and removes nobody, with GET and HEAD", async () => {
    const mail = [
      confirmUrlOf(PUBLIC_URL, tokens.confirmation),
      leaveUrlOf(PUBLIC_URL, tokens.unsubscribe),
      leaveUrlOf(PUBLIC_URL, tokens.mailed),
      unsubscribeUrlOf(PUBLIC_URL, tokens.unsubscribe),
      statusUrlOf(PUBLIC_URL, entryId, tokens.mailed),
    ];
    const seen = new Set<string>();
    const follow = async (url: string): Promise<void> => {
      if (seen.has(url)) return;
      seen.add(url);
      await world.app.inject({ method: "HEAD", url });
      const { body, headers, statusCode } = await get(url);
      expect(statusCode, url).toBeLessThan(500);
      const to = headers.location;
      const links = linksOf(body, url).concat(to === undefined ? [] : linksOf(`href="${to}"`, url));
      for (const link of links) {
        await follow(link);
        // A form's address, with its field in the query as a scanner might try it.
        for (const token of Object.values(tokens)) await follow(`${link.split("?")[0]}?token=${token}`);
      }
    };
    for (const link of mail) await follow(link.slice(PUBLIC_URL.length));
    expect([...seen].join(" ")).toMatch(/page\.css.*|\/confirm .*/);
    expect(seen.size).toBeGreaterThan(10);
    expect(world.events).toEqual([]);
    // The same links can do something: the button.
    await press("/confirm", tokens.confirmation);
    expect(world.events).toHaveLength(1);
  });
});

describe("a button", () => {
  it("does its one thing, and again does nothing more", async () => {
    for (let nth = 0; nth < 2; nth++) {
      const confirmed = await press("/confirm", tokens.confirmation);
      expect([confirmed.statusCode, confirmed.body]).toEqual([
        200,
        expect.stringContaining("You&#39;re confirmed"),
      ]);
      const left = await press("/leave", nth === 0 ? tokens.unsubscribe : tokens.mailed);
      expect([left.statusCode, left.body]).toEqual([200, expect.stringContaining("You&#39;ve left")]);
    }
    expect(world.events).toMatchObject([
      { type: "EntryConfirmed", data: about },
      { type: "EntryLeft", data: about },
    ]);
    expect(world.events).toHaveLength(2);
  });

  it.each<[string, () => string]>([
    ["/confirm", () => tokens.unsubscribe],
    ["/confirm", () => tokens.mailed],
    ["/leave", () => tokens.confirmation],
    ["/leave", () => tokens.typed],
    ["/confirm", () => ""],
    ["/leave", () => "x".repeat(2000)],
  ])("of %s isn't pressed by a token that doesn't fit", async (path, token) => {
    for (const response of [await press(path, token()), await get(`${path}?token=${token()}`)]) {
      expect([response.statusCode, response.body]).toEqual([
        404,
        expect.stringContaining("This link doesn&#39;t work"),
      ]);
    }
    expect(world.events).toEqual([]);
  });

  it("isn't pressed when the link has expired, its place is gone, or its list is", async () => {
    store(world, [placeAt(100, { status: "left" })]);
    expect((await press("/confirm", tokens.confirmation)).statusCode).toBe(404);
    world.lists.delete(LIST);
    world.time.now += 11 * 60_000;
    expect((await press("/leave", tokens.unsubscribe)).statusCode).toBe(404);
    world.time.now += 61 * 24 * 3_600_000;
    expect((await get(`/confirm?token=${tokens.confirmation}`)).statusCode).toBe(404);
    expect(world.events).toEqual([]);
  });

  it("can be pressed again where the log is away, and nothing is pretended", async () => {
    world.broken.log = true;
    const response = await press("/confirm", tokens.confirmation);
    expect([response.statusCode, response.headers["retry-after"]]).toEqual([503, "2"]);
    expect(response.body).toContain("twice does no harm");
    expect(response.body).toContain(`value="${tokens.confirmation}"`);
    world.broken.log = false;
    expect((await press("/confirm", tokens.confirmation)).statusCode).toBe(200);
  });

  it("works while nothing but the log is there", async () => {
    world.broken.storage = true;
    world.broken.redis = true;
    expect((await get(`/leave?token=${tokens.unsubscribe}`)).body).toContain("Give up my place");
    expect((await press("/leave", tokens.unsubscribe)).statusCode).toBe(200);
    expect(world.events).toMatchObject([{ type: "EntryLeft", data: about }]);
  });

  it.each([
    ["JSON", "application/json", 415],
    ["parts", "multipart/form-data; boundary=x", 415],
  ])("takes no %s", async (_what, type, status) => {
    const response = await press("/confirm", tokens.confirmation, type);
    expect([response.statusCode, response.body]).toEqual([
      status,
      expect.stringContaining("That didn&#39;t work"),
    ]);
    expect(world.events).toEqual([]);
  });
});

describe("every page", () => {
  it("shows the list's name as text, whatever it holds", async () => {
    const { body } = await get(`/confirm?token=${tokens.confirmation}`);
    expect(body).toContain("Ada&#39;s &lt;b&gt;&quot;list&quot;&lt;/b&gt; &amp; more");
    expect(body).not.toContain("<b>");
    const odd = await get(`/confirm?token=${encodeURIComponent('"><script>')}`);
    expect(odd.body).not.toContain("<script");
  });

  it("loads nothing but its own style sheet, tells nobody its address, and is kept by nobody", async () => {
    const url = `/leave?token=${tokens.unsubscribe}`;
    const response = await get(url);
    expect(response.body).not.toMatch(/<script|<img|<style|\sstyle=|\son\w+=|https?:/i);
    expect(response.headers).toMatchObject({
      "content-type": "text/html; charset=utf-8",
      "content-security-policy":
        "default-src 'none';style-src 'self';base-uri 'none';form-action 'self';frame-ancestors 'none'",
      "referrer-policy": "no-referrer",
      "cache-control": "no-store",
      "cross-origin-resource-policy": "same-origin",
    });
    expect(response.headers["set-cookie"]).toBeUndefined();
    const [sheet = ""] = linksOf(response.body, url);
    const css = await get(sheet);
    expect([css.statusCode, css.headers["content-type"]]).toEqual([200, "text/css; charset=utf-8"]);
    expect(css.headers["cache-control"]).toContain("immutable");
    expect(css.body).toContain("--brand: #20c5c5");
    expect(css.body).not.toMatch(/url\(|@import/);
  });

  it.each(["red", "20c5c5;}", "20c5c", "20C5C5", ""])(
    "has no style sheet in the colour %j",
    async (color) => {
      expect((await get(`/page.css?color=${encodeURIComponent(color)}`)).statusCode).toBe(400);
    },
  );

  it("can be read by everybody: its language, its size, its heading, its button", async () => {
    const { body } = await get(`/confirm?token=${tokens.confirmation}`);
    expect(body).toContain('<html lang="en">');
    expect(body).toContain('content="width=device-width, initial-scale=1"');
    expect(body.match(/<h1>/g)).toHaveLength(1);
    expect(body).toContain("<button>Yes, that was me</button>");
    expect(body).toContain("<title>Confirm your address – Ada");
  });

  it("is limited as other reads are", async () => {
    await world.close();
    world = await createWorld({ rateLimit: "reads=1/60" });
    world.list(LIST, definitionWith());
    await get(`/leave?token=${tokens.unsubscribe}`);
    const response = await get(`/leave?token=${tokens.unsubscribe}`);
    expect([response.statusCode, response.body]).toEqual([
      429,
      expect.stringContaining("try again in a minute"),
    ]);
    expect(response.headers["retry-after"]).toBeDefined();
  });

  it("stands below the gateway's path, wherever that is", async () => {
    const { body } = await get(`/confirm?token=${tokens.confirmation}`);
    for (const link of linksOf(body, "https://app.example/waitlist/confirm")) {
      expect(link).toMatch(/^\/waitlist\/(confirm$|page\.css\?)/);
    }
  });
});
