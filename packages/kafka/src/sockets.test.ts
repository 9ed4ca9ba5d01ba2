import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { guardSocket } from "./sockets.ts";

const REQUEST = Buffer.from([0, 0, 0, 1, 7]);
const ANSWER = Buffer.from([0, 0, 0, 2, 8, 9]);

describe("a guarded socket", () => {
  let server: Server;
  let peer: Promise<Socket>;
  let heard: unknown[];

  beforeEach(async () => {
    heard = [];
    server = createServer();
    peer = once(server, "connection").then(([socket]) => socket);
    await once(server.listen(0, "127.0.0.1"), "listening");
  });
  afterEach(() => {
    server.close();
  });

  const open = async (silenceMs: number): Promise<Socket> => {
    const socket = guardSocket(connect((server.address() as AddressInfo).port, "127.0.0.1"), silenceMs);
    socket.on("data", (data) => heard.push(data));
    socket.on("end", () => heard.push("end"));
    socket.on("error", (error) => heard.push(error.message));
    await once(socket, "connect");
    return socket;
  };

  it("never hands on a part of an answer, even as the connection ends", async () => {
    const socket = await open(10_000);
    socket.write(REQUEST);
    (await peer).end(Buffer.concat([ANSWER, ANSWER.subarray(0, 5)]));
    await once(socket, "close");
    expect(heard).toEqual([ANSWER, "end"]);
  });

  it("is destroyed when an answer is due and nothing comes", async () => {
    const socket = await open(60);
    (await peer).resume();
    socket.write(REQUEST);
    await once(socket, "close");
    expect(heard).toEqual(["no answer within 60 ms"]);
  });

  it("stays while an answer keeps coming, and while none is due", async () => {
    const socket = await open(200);
    const other = await peer;
    const passed = (ms: number) => {
      const since = performance.now();
      return expect.poll(() => performance.now() - since, { interval: 10 }).toBeGreaterThan(ms);
    };
    socket.write(REQUEST);
    for (const part of [ANSWER.subarray(0, 2), ANSWER.subarray(2, 5), ANSWER.subarray(5)]) {
      await passed(100);
      other.write(part);
    }
    await passed(400);
    expect(heard).toEqual([ANSWER]);
    expect(socket.destroyed).toBe(false);
    socket.destroy();
  });

  it("says nothing more once its owner has ended it", async () => {
    const socket = await open(10_000);
    socket.end();
    (await peer).end(ANSWER);
    await once(socket, "close");
    expect(heard).toEqual([]);
  });

  it("fails when its owner ends it with an answer still due", async () => {
    const socket = await open(10_000);
    socket.write(REQUEST);
    socket.end();
    await once(socket, "close");
    expect(heard).toEqual(["closed while an answer was due"]);
  });
});
