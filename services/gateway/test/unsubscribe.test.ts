// One click in a mail program (RFC 8058).
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { about, placeAt, store, type TokenKind, tokensOf } from "./person.ts";
import { createWorld, definitionWith, LIST, type World } from "./support.ts";

let world: World;
let tokens: Record<TokenKind, string>;
beforeEach(async () => {
  world = await createWorld({ rateLimit: "reads=2/60" });
  world.list(LIST, definitionWith());
  store(world, [placeAt(100)]);
  tokens = tokensOf(world);
});
afterEach(() => world.close());

const URLENCODED = { "content-type": "application/x-www-form-urlencoded" };
const click = (token: string, headers: Record<string, string> = {}, payload?: string) =>
  world.app.inject({
    method: "POST",
    url: `/v1/unsubscribe/${token}`,
    headers,
    ...(payload ? { payload } : {}),
  });

describe("one click", () => {
  it.each<[string, Record<string, string>, string | undefined]>([
    ["with a form", URLENCODED, "List-Unsubscribe=One-Click"],
    [
      "with a form in parts",
      { "content-type": "multipart/form-data; boundary=x" },
      '--x\r\nContent-Disposition: form-data; name="List-Unsubscribe"\r\n\r\nOne-Click\r\n--x--\r\n',
    ],
    ["with nothing", {}, undefined],
    ["with an empty form", URLENCODED, undefined],
  ])("%s leaves the list, and again does nothing more", async (_what, headers, payload) => {
    for (const token of [tokens.unsubscribe, tokens.unsubscribe, tokens.mailed]) {
      const response = await click(token, headers, payload);
      expect([response.statusCode, response.body]).toEqual([204, ""]);
      expect(response.headers["set-cookie"]).toBeUndefined();
    }
    expect(world.events).toMatchObject([{ type: "EntryLeft", data: about }]);
    expect(world.events).toHaveLength(1);
  });

  it.each(["typed", "confirmation"] as const)("with a %s token is none", async (kind) => {
    const response = await click(tokens[kind], URLENCODED, "List-Unsubscribe=One-Click");
    expect([response.statusCode, response.json().code]).toEqual([404, "entry-not-found"]);
    expect((await click("nonsense")).statusCode).toBe(404);
    expect(world.events).toEqual([]);
  });

  it("is never one too many, while other requests are", async () => {
    for (let i = 0; i < 20; i++) expect((await click(tokens.unsubscribe)).statusCode).toBe(204);
    const looks = [1, 2, 3].map(() => world.app.inject(`/v1/unsubscribe/${tokens.unsubscribe}`));
    expect((await Promise.all(looks)).map(({ statusCode }) => statusCode)).toContain(429);
  });

  it("takes no body but a form, and no large one", async () => {
    expect((await click(tokens.unsubscribe, { "content-type": "application/json" }, "{}")).statusCode).toBe(
      415,
    );
    expect((await click(tokens.unsubscribe, URLENCODED, "a".repeat(5000))).statusCode).toBe(413);
    expect(world.events).toEqual([]);
  });

  it("says so where the log is away", async () => {
    world.broken.log = true;
    expect((await click(tokens.unsubscribe)).statusCode).toBe(503);
  });

  it("may bring an Idempotency-Key, of which nothing is kept: no limit would bound that", async () => {
    const key = { "idempotency-key": "k" };
    expect((await click(tokens.unsubscribe, key)).statusCode).toBe(204);
    expect((await click(tokens.mailed, key)).statusCode).toBe(204);
    expect((await click(tokens.mailed, { ...key, ...URLENCODED }, "another=body")).statusCode).toBe(204);
    expect(world.keptKeys.size).toBe(0);
    expect(world.events).toHaveLength(1);
    // The control: of a request that is counted, something is.
    await world.app.inject({
      ...{ method: "POST", url: `/v1/entries/${about.entryId}/departure`, headers: key },
      payload: { token: tokens.unsubscribe },
    });
    expect(world.keptKeys.size).toBeGreaterThan(0);
  });
});

it("leaves its token in no line of the log, whatever becomes of it", async () => {
  const lines: string[] = [];
  const own = await createWorld({ onLog: (line) => void lines.push(line) });
  own.list(LIST, definitionWith());
  store(own, [placeAt(100)]);
  const { unsubscribe, confirmation } = tokensOf(own);
  const press = async (token: string) => {
    const answer = await own.app.inject({ method: "POST", url: `/v1/unsubscribe/${token}` });
    await own.app.inject(`/v1/unsubscribe/${token}`);
    return answer.statusCode;
  };
  own.hooks.beforeAppend = () => {
    throw new Error("a mistake of ours");
  };
  const failed = await press(unsubscribe);
  own.hooks.beforeAppend = () => undefined;
  own.broken.log = true;
  const away = await press(unsubscribe);
  own.broken.log = false;
  expect([failed, away, await press(confirmation), await press(unsubscribe)]).toEqual([500, 503, 404, 204]);
  await own.close();
  // The control: the failure was logged, by its route.
  expect(lines.join()).toContain("/v1/unsubscribe/:token");
  for (const token of [unsubscribe, confirmation]) {
    for (const part of token.split(".")) expect(lines.join()).not.toContain(part.slice(0, 60));
  }
});

it("looking at the address leads to the page, and changes nothing", async () => {
  for (const method of ["GET", "HEAD"] as const) {
    const response = await world.app.inject({ method, url: `/v1/unsubscribe/${tokens.unsubscribe}` });
    expect(response.statusCode).toBe(303);
    expect(response.headers.location).toBe(`https://waitlist.test/leave?token=${tokens.unsubscribe}`);
  }
  expect(world.events).toEqual([]);
});
