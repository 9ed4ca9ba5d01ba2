// Bytes that two servers in a row may read differently: refused with a problem, and nothing after them is read.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { answersIn, codeOf, endServers, type Served, send, serve } from "./support/http.ts";

let served: Served;
const reached: string[] = [];
beforeAll(async () => {
  served = await serve((app) => {
    app.addHook("preHandler", async ({ url }) => void reached.push(url));
    app.get("/thing", () => ({}));
    app.post("/thing", ({ body }) => ({ body }));
  });
});
afterAll(endServers);

const POST = "POST /thing HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n";
const GET = "GET /thing HTTP/1.1\r\nHost: a\r\n";
const SMUGGLED = "GET /thing?smuggled HTTP/1.1\r\nHost: a\r\n\r\n";

describe("a request", () => {
  it.each<[string, string]>([
    ["with both lengths", `${POST}Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`],
    [
      "with both, the other way round",
      `${POST}Transfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n0\r\n\r\n`,
    ],
    ["with two lengths", `${POST}Content-Length: 2\r\nContent-Length: 60\r\n\r\n{}`],
    ["with one length twice", `${POST}Content-Length: 2\r\nContent-Length: 2\r\n\r\n{}`],
    ["with a list of lengths", `${POST}Content-Length: 2, 2\r\n\r\n{}`],
    ["with a sign before the length", `${POST}Content-Length: +2\r\n\r\n{}`],
    ["with a hexadecimal length", `${POST}Content-Length: 0x2\r\n\r\n{}`],
    ["with a negative length", `${POST}Content-Length: -2\r\n\r\n{}`],
    ["with a length of 30 digits", `${POST}Content-Length: ${"9".repeat(30)}\r\n\r\n{}`],
    ["with a coding that isn't known", `${POST}Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n`],
    ["with a coding before chunked", `${POST}Transfer-Encoding: gzip, chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n`],
    [
      "with a coding after chunked",
      `${POST}Transfer-Encoding: chunked, identity\r\n\r\n2\r\n{}\r\n0\r\n\r\n`,
    ],
    [
      "with chunked twice",
      `${POST}Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
    ],
    ["with a space before the colon", `${POST}Transfer-Encoding : chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n`],
    ["with a control before the coding", `${POST}Transfer-Encoding: \u000bchunked\r\n\r\n0\r\n\r\n`],
    [
      "with chunks under HTTP/1.0",
      "POST /thing HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n",
    ],
    ["with a chunk's size that is none", `${POST}Transfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n0\r\n\r\n`],
    ["with a chunk of 2^72 bytes", `${POST}Transfer-Encoding: chunked\r\n\r\n${"f".repeat(18)}\r\n{}\r\n`],
    ["with more in a chunk than it says", `${POST}Transfer-Encoding: chunked\r\n\r\n2\r\n{}}\r\n0\r\n\r\n`],
    ["with bare line feeds in chunks", `${POST}Transfer-Encoding: chunked\r\n\r\n2\n{}\n0\n\n`],
    [
      "with a length in its trailer",
      `${POST}Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\nContent-Length: 9\r\n\r\n`,
    ],
    ["with a folded header", `${POST}X-Long: one\r\n two\r\nContent-Length: 2\r\n\r\n{}`],
    ["with bare line feeds", "GET /thing HTTP/1.1\nHost: a\n\n"],
    ["with one bare line feed", "GET /thing HTTP/1.1\r\nHost: a\nX-More: b\r\n\r\n"],
    ["with a bare carriage return", "GET /thing HTTP/1.1\r\nHost: a\rX-More: b\r\n\r\n"],
    ["with a NUL in a header", `${GET}X-More: a\u0000b\r\n\r\n`],
    ["with a NUL in its path", "GET /thing\u0000 HTTP/1.1\r\nHost: a\r\n\r\n"],
    ["with a control in a header", `${GET}X-More: a\u0001b\r\n\r\n`],
    ["with a nameless header", `${GET}: a\r\n\r\n`],
    ["with no host", "GET /thing HTTP/1.1\r\n\r\n"],
    ["with two hosts", `${GET}Host: b\r\n\r\n`],
    ["of HTTP/0.9", "GET /thing\r\n\r\n"],
    ["of HTTP/2", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"],
    ["of HTTP/1.2", "GET /thing HTTP/1.2\r\nHost: a\r\n\r\n"],
    ["with a method that is none", "SMUGGLE /thing HTTP/1.1\r\nHost: a\r\n\r\n"],
    ["that is TLS", "\u0016\u0003\u0001\u0002\u0000\u0001"],
  ])("%s is refused, and the connection closed", async (_what, bytes) => {
    reached.splice(0);
    const client = await send(served.port, bytes + SMUGGLED);
    const answers = answersIn(await client.closed);
    expect(answers.map((answer) => [answer.status, codeOf(answer)])).toEqual([[400, "invalid-request"]]);
    expect(answers[0]?.headers.get("connection")).toBe("close");
    expect(answers[0]?.headers.get("content-type")).toBe("application/problem+json; charset=utf-8");
    expect(reached).toEqual([]);
  });

  it("with what looks like another one for a body is one request", async () => {
    reached.splice(0);
    const end = "GET /thing?last HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";
    const client = await send(
      served.port,
      `${GET}Content-Length: ${SMUGGLED.length}\r\n\r\n${SMUGGLED}${end}`,
    );
    expect(answersIn(await client.closed).map(({ status }) => status)).toEqual([200, 200]);
    expect(reached).toEqual(["/thing", "/thing?last"]);
  });

  it("that tunnels gets no tunnel", async () => {
    const client = await send(served.port, "CONNECT a:443 HTTP/1.1\r\nHost: a\r\n\r\n");
    expect(await client.closed).toBe("");
  });

  it.each(["Expect: magic", "Connection: upgrade\r\nUpgrade: websocket"])(
    "with %j is answered as if it hadn't been there",
    async (header) => {
      const client = await send(served.port, `${GET}${header}\r\n\r\n`);
      await expect.poll(() => answersIn(client.received()).map(({ status }) => status)).toEqual([200]);
      client.socket.destroy();
    },
  );
});

describe("header fields", () => {
  const fields = (count: number) => Array.from({ length: count }, (_, at) => `x-${at}: 1\r\n`).join("");

  it("up to 100 are taken", async () => {
    // With Host and Connection.
    const client = await send(served.port, `${GET}${fields(98)}Connection: close\r\n\r\n`);
    expect(answersIn(await client.closed).map(({ status }) => status)).toEqual([200]);
  });

  it.each([
    ["one more than 100", 100],
    ["five times as many", 500],
  ])("%s are refused, not dropped", async (_what, count) => {
    const client = await send(served.port, `${GET}${fields(count)}\r\n`);
    const [answer] = answersIn(await client.closed);
    expect([answer?.status, JSON.parse(answer?.body ?? "")]).toMatchObject([
      431,
      { code: "headers-too-large", errors: [{ path: "/headers" }] },
    ]);
  });

  it.each([
    ["value", `x: ${"y".repeat(20_000)}`],
    ["name", `${"y".repeat(20_000)}: x`],
    ["path", "", `/${"y".repeat(20_000)}`],
  ])("a %s of 20 kB is refused", async (_what, field, path = "/thing") => {
    const client = await send(served.port, `GET ${path} HTTP/1.1\r\nHost: a\r\n${field}\r\n\r\n`);
    expect(answersIn(await client.closed).map((answer) => [answer.status, codeOf(answer)])).toEqual([
      [431, "headers-too-large"],
    ]);
  });
});

describe("what can't be read after a request that is being answered", () => {
  it("is not answered in that one's stead", async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    const held = await serve((app) => app.get("/held", () => promise));
    const client = await send(held.port, "GET /held HTTP/1.1\r\nHost: a\r\n\r\n");
    await expect.poll(() => held.app.server.connections ?? 1).toBeGreaterThan(0);
    client.socket.write("nonsense\r\n\r\n");
    expect(await client.closed).toBe("");
    resolve();
  });
});
