import { entryIdOf } from "@waitlist/contracts";
import { confirmationClaims, mailedClaims, unsubscribeClaims } from "@waitlist/tokens";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createWorld, definitionWith, LIST, SECRET, type World } from "./support.ts";

const entryId = entryIdOf(SECRET, LIST, "ada@example.com");
const about = { waitlistId: LIST, entryId, joinOffset: 100 };
const NAME = `Ada's <b>"list"</b> & more`;

let world: World;
let confirmation: string;
let unsubscribe: string;
beforeEach(async () => {
  world = await createWorld();
  world.list(LIST, definitionWith({ name: NAME, doubleOptIn: true, brand: { color: "#20C5C5" } }));
  confirmation = world.tokens.sign(confirmationClaims(about, world.time.now));
  unsubscribe = world.tokens.sign(unsubscribeClaims(about, world.time.now));
});
afterEach(() => world.close());

const get = (url: string) => world.app.inject(url);
const press = (path: string, token: string) =>
  world.app.inject({
    ...{ method: "POST", url: path, payload: new URLSearchParams({ token }).toString() },
    headers: { "content-type": "application/x-www-form-urlencoded" },
  });

describe("a page with a button", () => {
  it.each(["/confirm", "/leave"])(
    "%s does nothing by being looked at, by any method that looks",
    async (path) => {
      const token = path === "/confirm" ? confirmation : unsubscribe;
      for (const method of ["GET", "HEAD"] as const) {
        const response = await world.app.inject({ method, url: `${path}?token=${token}` });
        expect(response.statusCode).toBe(200);
      }
      expect(world.events).toEqual([]);
    },
  );

  it("confirms nobody when a scanner follows every link that it finds", async () => {
    const seen = new Set<string>();
    const follow = async (url: string): Promise<void> => {
      if (seen.has(url)) return;
      seen.add(url);
      const { body } = await get(url);
      for (const [, link = ""] of body.matchAll(/(?:href|action|src)="([^"]+)"/g)) {
        await follow(link.replaceAll("&amp;", "&"));
        await follow(`${link}${link.includes("?") ? "&amp;" : "?"}token=${confirmation}`);
      }
    };
    await follow(`/confirm?token=${confirmation}`);
    await follow(`/leave?token=${unsubscribe}`);
    expect(seen.size).toBeGreaterThan(4);
    expect(world.events).toEqual([]);
  });

  it("does its one thing when the button is pressed", async () => {
    const confirmed = await press("/confirm", confirmation);
    expect([confirmed.statusCode, confirmed.body]).toEqual([
      200,
      expect.stringContaining("You&#39;re confirmed"),
    ]);
    const left = await press("/leave", world.tokens.sign(mailedClaims(about, world.time.now)));
    expect([left.statusCode, left.body]).toEqual([200, expect.stringContaining("You&#39;ve left")]);
    expect(world.events).toMatchObject([
      { type: "EntryConfirmed", data: about },
      { type: "EntryLeft", data: about },
    ]);
  });

  it("is not pressed by a token that is for something else, or for nothing", async () => {
    for (const [path, token] of [
      ["/confirm", unsubscribe],
      ["/leave", confirmation],
      ["/confirm", ""],
      ["/confirm", "x".repeat(2000)],
    ] as const) {
      const response = await press(path, token);
      expect(response.statusCode).toBeGreaterThanOrEqual(400);
      expect(response.statusCode).toBeLessThan(500);
      expect(response.headers["content-type"]).toContain("text/html");
    }
    expect((await get("/confirm")).statusCode).toBe(404);
    expect(world.events).toEqual([]);
  });

  it("says so when the log is away, and writes nothing", async () => {
    world.broken.log = true;
    const response = await press("/confirm", confirmation);
    expect([response.statusCode, response.headers["retry-after"]]).toEqual([503, "2"]);
    expect(response.body).toContain("nothing has changed");
  });
});

it("is shown as a page to who has asked for too much, too", async () => {
  const limited = await createWorld({ rateLimit: "reads=1/60" });
  limited.list(LIST, definitionWith());
  await limited.app.inject(`/confirm?token=${confirmation}`);
  const response = await limited.app.inject(`/confirm?token=${confirmation}`);
  expect([response.statusCode, response.headers["content-type"]]).toEqual([429, "text/html; charset=utf-8"]);
  expect(response.body).toContain("too many requests");
  await limited.close();
});

describe("every page", () => {
  it("shows the list's name as text, whatever it holds", async () => {
    const { body } = await get(`/confirm?token=${confirmation}`);
    expect(body).toContain("Ada&#39;s &lt;b&gt;&quot;list&quot;&lt;/b&gt; &amp; more");
    expect(body).not.toContain("<b>");
  });

  it("loads nothing but its own style sheet, and lets nothing else run", async () => {
    const response = await get(`/leave?token=${unsubscribe}`);
    expect(response.body).not.toMatch(/<script|\sstyle=|\son\w+=/i);
    expect(response.headers["content-security-policy"]).toContain("default-src 'none'");
    expect(response.headers["content-security-policy"]).not.toContain("unsafe");
    expect(response.headers["referrer-policy"]).toBe("no-referrer");
    expect(response.headers["cache-control"]).toBe("no-store");
    const sheet = await get("/page.css?color=20c5c5");
    expect([sheet.statusCode, sheet.headers["content-type"]]).toEqual([200, "text/css; charset=utf-8"]);
    expect(sheet.body).toContain("--brand: #20c5c5");
    for (const color of ["red", "20c5c5;}", "20c5c", ""]) {
      expect((await get(`/page.css?color=${encodeURIComponent(color)}`)).statusCode, color).toBe(400);
    }
  });
});
