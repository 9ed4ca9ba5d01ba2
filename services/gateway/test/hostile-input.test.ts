// Whatever is thrown at the API is a 4xx problem that names the field, never a 5xx, and never on the log.
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { bearer, createWorld, definitionWith, KEYS, LIST, type World } from "./support.ts";

let world: World;
beforeAll(async () => {
  world = await createWorld();
  world.list(
    LIST,
    definitionWith({
      questions: [
        { id: "why", label: "Why?", type: "text", required: true },
        { id: "size", label: "Size?", type: "choice", required: false, options: ["s", "m"] },
        { id: "days", label: "Days?", type: "choices", required: false, options: ["mo", "tu"] },
        { id: "age", label: "Age?", type: "number", required: false },
        { id: "ok", label: "OK?", type: "boolean", required: false },
      ],
      consent: { text: "May we write to you?", required: true },
    }),
  );
});
afterAll(() => world.close());
beforeEach(() => world.events.splice(0));
afterEach(() => expect(world.events, "nothing may be on the log").toEqual([]));

const good = { email: "ada@example.com", answers: { why: "because" }, consent: true };

const post = (payload: string | object, headers: Record<string, string> = {}) =>
  world.app.inject({
    method: "POST",
    url: `/v1/waitlists/${LIST}/entries`,
    payload,
    headers: { "content-type": "application/json", ...headers },
  });

const pathsOf = (response: { json: () => { errors?: { path: string }[] } }) =>
  response.json().errors?.map(({ path }) => path) ?? [];

const answered = (value: unknown) => ({ ...good, answers: { why: "because", ...(value as object) } });

describe("fields of a signup", () => {
  it.each<[string, unknown, string]>([
    ["no email", { ...good, email: undefined }, "/email"],
    ["an operator for an email", { ...good, email: { $gt: "" } }, "/email"],
    ["a list for an email", { ...good, email: ["ada@example.com"] }, "/email"],
    ["a number for an email", { ...good, email: 1 }, "/email"],
    ["null for an email", { ...good, email: null }, "/email"],
    ["no address", { ...good, email: "not-an-email" }, "/email"],
    ["a line break in an address", { ...good, email: "ada@example.com\r\nBcc: bea@example.com" }, "/email"],
    ["a line break around an address", { ...good, email: "\nada@example.com" }, "/email"],
    ["a quoted local part", { ...good, email: '"ada lovelace"@example.com' }, "/email"],
    ["two addresses", { ...good, email: "ada@example.com,bea@example.com" }, "/email"],
    ["a display name", { ...good, email: "Ada <ada@example.com>" }, "/email"],
    ["one label for a domain", { ...good, email: "ada@localhost" }, "/email"],
    ["a number for a domain", { ...good, email: "ada@127.0.0.1" }, "/email"],
    ["a dot at the end of the local part", { ...good, email: "ada.@example.com" }, "/email"],
    ["half a character in an address", { ...good, email: "a\ud800@example.com" }, "/email"],
    ["a very long address", { ...good, email: `${"a".repeat(300)}@example.com` }, "/email"],
    ["a NUL in a name", { ...good, name: "Ada\u0000" }, "/name"],
    ["a line break in a name", { ...good, name: "Ada\nLovelace" }, "/name"],
    ["a C1 control in a source", { ...good, source: "blog\u0085" }, "/source"],
    ["an operator for a name", { ...good, name: { $ne: 1 } }, "/name"],
    ["a locale that is none", { ...good, locale: "../../etc" }, "/locale"],
    ["a referral code that is none", { ...good, referredBy: "x" }, "/referredBy"],
    ["text for a consent", { ...good, consent: "true" }, "/consent"],
    ["no consent where it is required", { ...good, consent: undefined }, "/consent"],
    ["a refused consent where it is required", { ...good, consent: false }, "/consent"],
    ["a field that isn't there", { ...good, isAdmin: true }, "/isAdmin"],
    ["a field with slashes", { ...good, "a/b~c": 1 }, "/a~1b~0c"],
    ["no answer where it is required", { ...good, answers: {} }, "/answers/why"],
    ["a blank answer where it is required", answered({ why: " \n" }), "/answers/why"],
    ["a control character in a text answer", answered({ why: "a\u0007" }), "/answers/why"],
    ["an object for an answer", answered({ why: { $gt: "" } }), "/answers/why"],
    ["an answer to no question", answered({ other: "x" }), "/answers/other"],
    ["an answer to an inherited name", answered({ constructor: "x" }), "/answers/constructor"],
    ["an operator as a question", answered({ $where: "1" }), "/answers/$where"],
    ["a choice that isn't offered", answered({ size: "xl" }), "/answers/size"],
    ["a list for one choice", answered({ size: ["s"] }), "/answers/size"],
    ["a choice twice", answered({ days: ["mo", "mo"] }), "/answers/days"],
    ["text for several choices", answered({ days: "mo" }), "/answers/days"],
    ["text for a number", answered({ age: "40" }), "/answers/age"],
    ["a number for yes or no", answered({ ok: 1 }), "/answers/ok"],
    ["a list for the answers", { ...good, answers: [] }, "/answers"],
    ["a list for a body", [good], ""],
    ["text for a body", JSON.stringify("good"), ""],
  ])("%s", async (_what, payload, path) => {
    const response = await post(payload as object);
    expect(response.statusCode).toBe(400);
    expect(response.headers["content-type"]).toBe("application/problem+json; charset=utf-8");
    expect(response.json()).toMatchObject({ type: "about:blank", status: 400, code: "invalid-request" });
    expect(pathsOf(response)).toContain(path);
  });

  it("are all named at once, without what they held", async () => {
    const response = await post({ email: "secret-value", name: "a", answers: { size: "secret-value" } });
    expect(pathsOf(response)).toEqual(["/email", "/answers/why", "/answers/size", "/consent"]);
    expect(response.body).not.toContain("secret-value");
  });
});

describe("bodies", () => {
  it.each([
    ["malformed JSON", '{"email": "ada@example.com"', 400, "invalid-json"],
    ["no body", "", 400, "invalid-json"],
    ["__proto__", '{"email": "ada@example.com", "__proto__": {"x": 1}}', 400, "invalid-json"],
    ["constructor.prototype", '{"constructor": {"prototype": {"x": 1}}}', 400, "invalid-json"],
    ["more than 16 KiB", JSON.stringify({ ...good, name: "a".repeat(16 * 1024) }), 413, "body-too-large"],
    ["deep nesting", `${"[".repeat(8000)}${"]".repeat(8000)}`, 400, "invalid-request"],
    ["null", "null", 400, "invalid-request"],
  ])("with %s", async (_what, payload, status, code) => {
    const response = await post(payload);
    expect([response.statusCode, response.json().code]).toEqual([status, code]);
  });

  it.each([
    "text/plain",
    "application/x-www-form-urlencoded",
    "multipart/form-data; boundary=x",
    "text/csv",
    "x",
  ])("of type %s", async (type) => {
    const response = await post(JSON.stringify(good), { "content-type": type });
    expect([response.statusCode, response.json().code]).toEqual([415, "unsupported-media-type"]);
  });
});

describe("paths and headers", () => {
  it.each([
    ["/v1/waitlists/%E0%A4%A/entries", 400],
    ["/v1/waitlists/UPPER/entries", 400],
    ["/v1/waitlists/..%2f..%2fadmin/entries", 400],
    ["/v1/waitlists/__proto__/entries", 400],
    ["/v1/waitlists/%00/entries", 400],
    [`/v1/waitlists/${"a".repeat(64)}/entries`, 400],
    [`/v1/waitlists/${"a".repeat(3000)}/entries`, 400],
    ["/v1/waitlists//entries", 400],
    ["/v1/nothing", 404],
  ])("%s", async (url, status) => {
    const response = await world.app.inject({ method: "POST", url, payload: good });
    expect(response.statusCode).toBe(status);
    expect(response.headers["content-type"]).toContain("application/problem+json");
    if (status === 400) expect(pathsOf(response)[0]).toMatch(/^\/(params\/waitlistId|path)$/);
  });

  it.each(["", "with a space", "é", "k".repeat(201)])("Idempotency-Key %j", async (key) => {
    const response = await post(good, { "idempotency-key": key });
    expect(response.statusCode).toBe(400);
    expect(pathsOf(response)).toEqual(["/headers/idempotency-key"]);
  });

  it.each(["limit=0", "limit=x", "limit=1001", "after=-1", "status=nobody", "other=1", "q=", "q=%00"])(
    "query %s",
    async (query) => {
      const response = await world.app.inject({
        url: `/v1/waitlists/${LIST}/entries?${query}`,
        headers: bearer(KEYS.read),
      });
      expect(response.statusCode).toBe(400);
      expect(pathsOf(response)).toEqual([`/querystring/${query.split("=")[0]}`]);
    },
  );
});

describe("over a socket", () => {
  it("headers that are too large are refused with a problem", async () => {
    const url = await world.app.listen({ port: 0, host: "127.0.0.1" });
    const response = await fetch(`${url}/v1/waitlists/${LIST}`, {
      headers: { "x-long": "x".repeat(20_000) },
    });
    expect(response.status).toBe(431);
    expect(await response.json()).toMatchObject({
      code: "headers-too-large",
      errors: [{ path: "/headers" }],
    });
  });
});
