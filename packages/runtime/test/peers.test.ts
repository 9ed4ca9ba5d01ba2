// Connections of one peer, over real sockets: all of 127.0.0.0/8 reaches the server.
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { endServers, type Served, serve } from "./support/http.ts";

const MOST = 3;
let served: Served;
const sockets: Socket[] = [];
beforeAll(async () => {
  served = await serve(
    () => undefined,
    {},
    {
      // A whole network of such peers may have five.
      peers: (address) => [
        { block: address, most: MOST },
        { block: "network", most: 5 },
      ],
    },
  );
});
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  await vi.waitFor(async () => expect(await openConnections()).toBe(0));
});
afterAll(endServers);

const openConnections = () =>
  new Promise<number>((resolve, reject) =>
    served.app.server.getConnections((error, count) => (error ? reject(error) : resolve(count))),
  );

/** Connects from an address; what a request over it is answered, "" where the connection is closed instead. */
async function from(localAddress: string): Promise<{ socket: Socket; ask(): Promise<string> }> {
  const socket = connect({ host: "127.0.0.1", port: served.port, localAddress });
  sockets.push(socket);
  socket.on("error", () => undefined);
  await once(socket, "connect");
  const ask = async () => {
    const answered = new Promise<string>((resolve) => {
      socket.once("data", (chunk) => resolve(chunk.toString()));
      socket.once("close", () => resolve(""));
      if (socket.closed) resolve("");
    });
    socket.write("GET /livez HTTP/1.1\r\nHost: a\r\n\r\n");
    return (await answered).slice(0, 12);
  };
  return { socket, ask };
}

describe("a peer", () => {
  it("may have so many connections; one more is closed as it comes, and the others go on", async () => {
    const [first, second, third] = [
      await from("127.0.0.2"),
      await from("127.0.0.2"),
      await from("127.0.0.2"),
    ];
    expect(await (await from("127.0.0.2")).ask()).toBe("");
    expect(await first.ask()).toBe("HTTP/1.1 200");
    expect([await second.ask(), await third.ask()]).toEqual(["HTTP/1.1 200", "HTTP/1.1 200"]);
    const cut = await served.registry.getSingleMetric("waitlist_http_connections_cut_total")?.get();
    expect(cut?.values).toContainEqual(expect.objectContaining({ labels: { reason: "crowded" }, value: 1 }));
  });

  it("doesn't take another's, but both count for what they share", async () => {
    for (let n = 0; n < MOST; n++) await from("127.0.0.2");
    expect(await (await from("127.0.0.3")).ask()).toBe("HTTP/1.1 200");
    expect(await (await from("127.0.0.4")).ask()).toBe("HTTP/1.1 200");
    expect(await (await from("127.0.0.5")).ask()).toBe("");
  });

  it("has room again when one of its own has gone", async () => {
    const { socket } = await from("127.0.0.2");
    for (let n = 1; n < MOST; n++) await from("127.0.0.2");
    socket.destroy();
    await vi.waitFor(async () => expect(await (await from("127.0.0.2")).ask()).toBe("HTTP/1.1 200"));
  });
});
