// One connection that sends request after request without waiting for answers.
import { setImmediate as turn } from "node:timers/promises";
import { afterEach, describe, expect, it } from "vitest";
import { answersIn, endServers, type Served, send, serve } from "./support/http.ts";

afterEach(endServers);

const PIPELINED = 8;
const REQUEST = "GET /held HTTP/1.1\r\nHost: a\r\n\r\n";

/** A server whose `/held` answers when it is let go, and how many it holds at once at most. */
async function holding() {
  const held = new Set<() => void>();
  let most = 0;
  const served = await serve(
    (app) =>
      app.get("/held", async () => {
        const { promise, resolve } = Promise.withResolvers<void>();
        held.add(resolve);
        most = Math.max(most, held.size);
        await promise;
        return { text: "x".repeat(10_000) };
      }),
    { pipelined: PIPELINED },
  );
  const letGo = () => {
    for (const release of held) release();
    held.clear();
  };
  return { ...served, held, letGo, most: () => most };
}

const cuts = async ({ registry }: Served) =>
  (await registry.metrics()).match(/connections_cut_total\{reason="pipelined"\} (\d+)/)?.[1];

describe("a connection with many requests at once", () => {
  it("is cut at the limit: no more of them is worked on, and others are answered meanwhile", async () => {
    const server = await holding();
    const clients = await Promise.all(Array.from({ length: 5 }, () => send(server.port)));
    for (const { socket } of clients) socket.write(REQUEST.repeat(20_000), "latin1");
    for (let asked = 0; asked < 20; asked++) {
      // The limit is far above what a busy machine takes, and far below what 100,000 requests would.
      const signal = AbortSignal.timeout(10_000);
      expect((await fetch(`${server.url}/livez`, { signal })).status).toBe(200);
    }
    for (const { closed } of clients) expect(await closed).toBe("");
    expect(server.held.size).toBe(PIPELINED * clients.length);
    expect(server.most()).toBe(PIPELINED * clients.length);
    expect(await cuts(server)).toBe("5");
    server.letGo();
  });

  it("is served in order where it stays below the limit", async () => {
    const server = await holding();
    const client = await send(server.port, REQUEST.repeat(PIPELINED));
    while (server.held.size < PIPELINED) await turn();
    server.letGo();
    while (answersIn(client.received()).length < PIPELINED) await turn();
    client.socket.write(REQUEST.replace("\r\n\r\n", "\r\nConnection: close\r\n\r\n"));
    while (server.held.size < 1) await turn();
    server.letGo();
    const statuses = answersIn(await client.closed).map(({ status }) => status);
    expect(statuses).toEqual(Array.from({ length: PIPELINED + 1 }, () => 200));
    expect(await cuts(server)).toBeUndefined();
  });

  it("is cut, too, where it takes no answers: what was worked out doesn't pile up", async () => {
    let made = 0;
    const served = await serve(
      (app) =>
        app.get("/large", () => {
          made++;
          return { text: "x".repeat(1_000_000) };
        }),
      { pipelined: PIPELINED },
    );
    const client = await send(served.port);
    client.socket.pause();
    client.socket.write("GET /large HTTP/1.1\r\nHost: a\r\n\r\n".repeat(5000));
    while ((await cuts(served)) !== "1") await turn();
    expect((await fetch(`${served.url}/livez`)).status).toBe(200);
    expect(made).toBeLessThanOrEqual(PIPELINED);
    client.socket.destroy();
  });
});
