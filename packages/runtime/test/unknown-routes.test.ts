import { METHODS } from "node:http";
import type { HTTPMethods } from "fastify";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { answersIn, endServers, type Served, send, serve } from "./support/http.ts";

let served: Served;
beforeAll(async () => {
  served = await serve((app) => {
    app.get("/things", () => []);
    app.post("/things", () => ({}));
    app.delete("/things/:id", () => ({}));
    app.get("/files/*", () => "");
  });
});
afterAll(endServers);

const ask = (method: string, url: string, headers: Record<string, string> = {}, payload?: string) =>
  served.app.inject({ method: method as HTTPMethods, url, headers, ...(payload ? { payload } : {}) });

const KNOWN: [string, string][] = [
  ["/things", "HEAD, GET, POST, OPTIONS"],
  ["/things?of=mine", "HEAD, GET, POST, OPTIONS"],
  ["/things/1", "DELETE, OPTIONS"],
  ["/files/a/b", "HEAD, GET, OPTIONS"],
  ["/livez", "HEAD, GET, OPTIONS"],
  ["/readyz", "HEAD, GET, OPTIONS"],
  ["/metrics", "HEAD, GET, OPTIONS"],
];

describe("a known path", () => {
  it.each(KNOWN)("%s takes no method but %s", async (url, allow) => {
    const sorted = (text: unknown) => String(text).split(", ").sort();
    // CONNECT never reaches a server's routes.
    for (const method of METHODS.filter((each) => each !== "CONNECT")) {
      const { statusCode, headers, body } = await ask(method, url);
      if (sorted(allow).includes(method)) {
        expect(statusCode, method).toBeLessThan(300);
        continue;
      }
      expect(statusCode, method).toBe(405);
      expect(sorted(headers.allow), method).toEqual(sorted(allow));
      expect(headers["content-type"]).toBe("application/problem+json; charset=utf-8");
      const problem: unknown = method === "HEAD" ? null : JSON.parse(body);
      if (problem) expect(problem).toMatchObject({ status: 405, code: "method-not-allowed" });
    }
  });

  it("says which methods it takes where it is asked by OPTIONS", async () => {
    const { statusCode, headers, body } = await ask("OPTIONS", "/things");
    expect([statusCode, body, headers.allow]).toEqual([204, "", "GET, HEAD, POST, OPTIONS"]);
  });

  it("answers HEAD as GET, without the body", async () => {
    const { statusCode, headers, body } = await ask("HEAD", "/livez");
    expect([statusCode, headers["content-length"], body]).toEqual([200, "18", ""]);
  });

  it("answers 405 before the body is read, whatever it is", async () => {
    const types = ["application/json", "text/plain", "nothing"];
    for (const type of types) {
      const { statusCode } = await ask("PUT", "/things", { "content-type": type }, "x".repeat(100_000));
      expect(statusCode, type).toBe(405);
    }
  });
});

describe("an unknown path", () => {
  it.each(["/nothing", "/things/1/more", "/", "//things", "/thing"])(
    "%s is 404 by any method",
    async (url) => {
      for (const method of ["GET", "HEAD", "POST", "PUT", "OPTIONS", "TRACE", "PROPFIND", "QUERY"]) {
        const { statusCode, headers } = await ask(method, url, { "content-type": "text/plain" });
        expect(statusCode, method).toBe(404);
        expect(headers.allow).toBeUndefined();
      }
    },
  );

  it("is 404 as the asterisk, too", async () => {
    const client = await send(served.port, "OPTIONS * HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
    expect(answersIn(await client.closed).map(({ status }) => status)).toEqual([404]);
  });
});
