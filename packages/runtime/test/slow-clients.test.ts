// Clients that take their time: nobody holds a connection longer than the limits say, but those who are being answered.
import { Readable } from "node:stream";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { answersIn, codeOf, endServers, type Served, send, serve } from "./support/http.ts";

const LIMITS = {
  headersTimeoutMs: 150,
  requestTimeoutMs: 300,
  checkEveryMs: 20,
  keepAliveMs: 150,
  stalledMs: 500,
};
/** What a limit may be exceeded by, on a machine that does other things, too. */
const SLACK_MS = 3000;

let served: Served;
let stalled = 0;
beforeAll(async () => {
  served = await serve((app) => {
    app.post("/echo", ({ body }) => ({ body }));
    app.get("/endless", (_request, reply) => {
      const ones = new Readable({ read: () => ones.push("1".repeat(64 * 1024)) });
      ones.on("close", () => stalled++);
      return reply.send(ones);
    });
    app.get("/ticks", (_request, reply) => reply.send(Readable.from(ticks())));
  }, LIMITS);
});
afterAll(endServers);

/** An event stream that goes on for three times as long as a request may take. */
async function* ticks() {
  for (let count = 1; count <= 18; count++) {
    await new Promise((resolve) => setTimeout(resolve, 50));
    yield `data: ${count}\n\n`;
  }
}

const HEAD = "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n";

/** Sends one byte after the other as long as the connection lasts; how long that was, in milliseconds. */
async function drip(start: string, byte: string): Promise<{ ms: number; text: string }> {
  const began = performance.now();
  const client = await send(served.port, start);
  const dripping = setInterval(() => client.socket.write(byte), 10);
  const text = await client.closed;
  clearInterval(dripping);
  return { ms: performance.now() - began, text };
}

describe("a connection", () => {
  it.each([
    ["that says nothing", "", ""],
    ["whose head never ends", `${HEAD}X-Slow: `, "x"],
    ["whose head drips in lines", HEAD, "a:b\r\n"],
  ])("%s is answered 408 and closed", async (_what, start, byte) => {
    const { ms, text } = await drip(start, byte);
    expect(answersIn(text).map((answer) => [answer.status, codeOf(answer)])).toEqual([
      [408, "request-timeout"],
    ]);
    expect(ms).toBeLessThan(LIMITS.requestTimeoutMs + SLACK_MS);
  });

  it.each([
    ["whose body never ends", `${HEAD}Content-Length: 10000\r\n\r\n`, "1"],
    ["whose chunks never end", `${HEAD}Transfer-Encoding: chunked\r\n\r\n`, "1\r\n1\r\n"],
    ["whose chunk's size never ends", `${HEAD}Transfer-Encoding: chunked\r\n\r\n1;`, "x"],
  ])("%s is answered 408 and closed", async (_what, start, byte) => {
    const { ms, text } = await drip(start, byte);
    const [answer] = answersIn(text);
    expect([answer?.status, answer && codeOf(answer)]).toEqual([408, "request-timeout"]);
    expect(ms).toBeGreaterThan(LIMITS.requestTimeoutMs - 50);
    expect(ms).toBeLessThan(LIMITS.requestTimeoutMs + SLACK_MS);
  });

  it("that is kept open and not used is closed without a word", async () => {
    const client = await send(served.port, "GET /livez HTTP/1.1\r\nHost: a\r\n\r\n");
    expect(answersIn(await client.closed).map(({ status }) => status)).toEqual([200]);
  });

  it("that takes nothing of its answer is closed, and the answer's source with it", async () => {
    const client = await send(served.port, "GET /endless HTTP/1.1\r\nHost: a\r\n\r\n");
    client.socket.pause();
    await vi.waitFor(() => expect(stalled).toBe(1), { timeout: LIMITS.stalledMs + SLACK_MS });
    client.socket.destroy();
  });
});

describe("a stream that is being read", () => {
  it("goes on for longer than a request may take", async () => {
    const client = await send(served.port, "GET /ticks HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
    expect(await client.closed).toContain("data: 18\n\n");
  });
});
