// What a server answers while it stops.
import { afterAll, describe, expect, it } from "vitest";
import { answersIn, codeOf, endServers, type RawClient, send, serve } from "./support/http.ts";

afterAll(endServers);

const get = (path: string) => `GET ${path} HTTP/1.1\r\nHost: a\r\n\r\n`;

/** A server that is closing, kept from it by one request under way. */
async function closing() {
  const { promise, resolve: letGo } = Promise.withResolvers<void>();
  const served = await serve((app) => {
    app.get("/held", async () => promise.then(() => ({ held: true })));
    app.get("/thing", () => ({}));
    app.post("/thing", () => ({}));
  });
  const [held, kept] = await Promise.all([send(served.port, get("/held")), send(served.port, get("/thing"))]);
  await expect.poll(() => answersIn(kept.received()).length).toBe(1);
  // Kept from being closed as idle by a head that isn't whole yet.
  kept.socket.write("GET /thing HTTP/1.1\r\nHo");
  await send(served.port, get("/livez")).then(answered);
  let isClosed = false;
  const closed = served.app.close().then(() => {
    isClosed = true;
  });
  await expect.poll(() => served.app.server.listening).toBe(false);
  return { held, kept, letGo, closed, isClosed: () => isClosed };
}

const answered = (client: RawClient) => expect.poll(() => answersIn(client.received()).length).toBe(1);

describe("a server that stops", () => {
  it("answers what is under way, and ends that connection, however long it would have been kept", async () => {
    const { held, kept, letGo, closed, isClosed } = await closing();
    kept.socket.destroy();
    expect(isClosed()).toBe(false);
    letGo();
    const [answer] = answersIn(await held.closed);
    expect([answer?.status, answer?.body, answer?.headers.get("connection")]).toEqual([
      200,
      '{"held":true}',
      "close",
    ]);
    await closed;
  });

  it.each(["st: a\r\n\r\n", "st: a\r\nContent-Type: text/plain\r\nContent-Length: 1\r\n\r\nx"])(
    "answers what comes after on kept connections with a 503 problem, and ends them",
    async (rest) => {
      const { kept, letGo, closed } = await closing();
      kept.socket.write(rest);
      const [, answer] = answersIn(await kept.closed);
      expect(answer?.status).toBe(503);
      expect(answer && codeOf(answer)).toBe("unavailable");
      expect(answer?.headers.get("content-type")).toBe("application/problem+json; charset=utf-8");
      expect(answer?.headers.get("retry-after")).toBe("2");
      expect(answer?.headers.get("connection")).toBe("close");
      letGo();
      await closed;
    },
  );
});
