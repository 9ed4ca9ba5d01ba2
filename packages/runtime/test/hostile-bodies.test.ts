// JSON, queries and headers that are made to change more than their own request.
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { answersIn, endServers, type Served, send, serve } from "./support/http.ts";

let served: Served;
beforeAll(async () => {
  served = await serve((app) => {
    app.post("/echo", ({ body }) => ({ body }));
    app.get("/query", ({ query }) => ({ keys: Object.keys(query as object) }));
    app.get("/headers", ({ headers }) => ({ keys: Object.keys(headers) }));
  });
});
afterAll(() => endServers());

const post = (payload: string | Buffer, type = "application/json") =>
  served.app.inject({ method: "POST", url: "/echo", payload, headers: { "content-type": type } });

/** The value inside so many objects and lists. */
const nested = (inner: string, path: ("a" | "[")[]) =>
  path.reduce((json, kind) => (kind === "a" ? `{"a":${json}}` : `[${json}]`), inner);

const expectUnpolluted = () => {
  expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  expect(Object.keys(Object.prototype)).toEqual([]);
};

describe("a body", () => {
  it("that names a prototype is refused at any depth, however it is spelled", async () => {
    const names = ['"__proto__"', '"\\u005f_proto__"', '"__pr\\u006Fto__"', '"constructor"'];
    const path = fc.array(fc.constantFrom<"a" | "[">("a", "["), { maxLength: 30 });
    await fc.assert(
      fc.asyncProperty(path, fc.constantFrom(...names), fc.boolean(), async (depth, name, spaced) => {
        const value = name === '"constructor"' ? '{"prototype":{"polluted":1}}' : '{"polluted":1}';
        const response = await post(nested(`{${name}${spaced ? " \n" : ""}:${value}}`, depth));
        expect([response.statusCode, response.json().code]).toEqual([400, "invalid-json"]);
        expectUnpolluted();
      }),
    );
  });

  it("may speak of prototypes in its values", async () => {
    const body = { text: "__proto__", constructor: "of bridges", prototype: "the first" };
    expect((await post(JSON.stringify(body))).json()).toEqual({ body });
  });

  it.each([
    ["not UTF-8", Buffer.from([...Buffer.from('{"a":"'), 0xff, 0xfe, ...Buffer.from('"}')])],
    ["cut within a character", Buffer.from('{"a":"é"}').subarray(0, 7)],
    ["an overlong NUL", Buffer.from([...Buffer.from('{"a":"'), 0xc0, 0x80, ...Buffer.from('"}')])],
    ["a surrogate in UTF-8", Buffer.from([...Buffer.from('{"a":"'), 0xed, 0xa0, 0x80, ...Buffer.from('"}')])],
    ["UTF-16", Buffer.from('{"a":"é"}', "utf16le")],
  ])("that is %s is refused", async (_what, bytes) => {
    const response = await post(bytes);
    expect(response.statusCode).toBe(400);
    expect(response.json()).toMatchObject({
      code: "invalid-json",
      errors: [{ path: "", message: "is not valid UTF-8" }],
    });
  });

  it.each([
    ['{"a":["x","\\ud800"]}', "/a/1"],
    ['{"a":"x\\uDFFFy"}', "/a"],
    ['{"a":{"\\uD83D":1}}', "/a"],
    ['"\\udc00\\ud83d"', ""],
  ])("with half a character is refused and says where: %s", async (json, path) => {
    const response = await post(json);
    expect([response.statusCode, response.json().errors]).toEqual([
      400,
      [{ path, message: "holds half a character" }],
    ]);
  });

  it("keeps whole characters, however they are written", async () => {
    const json = '{"a":"\\ud83d\\ude00 \u{1f600} \\\\ud800"}';
    expect((await post(json)).json()).toEqual({ body: { a: "\u{1f600} \u{1f600} \\ud800" } });
  });

  it("of 8,000 brackets around half a character needs no stack", async () => {
    const response = await post(`${"[".repeat(7000)}"\\ud800"${"]".repeat(7000)}`);
    expect(response.statusCode).toBe(400);
  });

  it("with a name twice means the last", async () => {
    expect((await post('{"a":1,"b":2,"a":3}')).json()).toEqual({ body: { a: 3, b: 2 } });
  });

  it.each(['{"a":\u0000}', '{"a":"\u0000"}', "NaN", "{a:1}", "{'a':1}", '{"a":1,}', "[1]x", '{"a":01}'])(
    "that is no JSON is refused: %j",
    async (json) => {
      const response = await post(json);
      expect([response.statusCode, response.json().code]).toEqual([400, "invalid-json"]);
    },
  );
});

describe("names of prototypes elsewhere", () => {
  it.each([
    "__proto__=1",
    "__proto__[polluted]=1",
    "constructor.prototype.polluted=1",
    "a[__proto__][polluted]=1",
  ])("query %s is a field like any other", async (query) => {
    const response = await served.app.inject(`/query?${query}`);
    expect(response.json().keys).toEqual([query.split("=")[0]]);
    expectUnpolluted();
  });

  it("headers are fields like any other", async () => {
    const client = await send(
      served.port,
      "GET /headers HTTP/1.1\r\nHost: a\r\n__proto__: polluted\r\nconstructor: b\r\nConnection: close\r\n\r\n",
    );
    expect(answersIn(await client.closed)[0]?.status).toBe(200);
    expectUnpolluted();
  });

  it("content types are types that aren't known", async () => {
    for (const type of ["__proto__", "constructor", "toString/valueOf", "application/__proto__"]) {
      expect((await post("{}", type)).statusCode, type).toBe(415);
    }
  });
});
