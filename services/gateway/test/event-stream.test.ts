// The event stream on real sockets: what a client that doesn't read does to it.
import { connect, type Socket } from "node:net";
import { createHttpApp, createLogger, createRegistry } from "@waitlist/runtime";
import { eventually } from "@waitlist/testing";
import type { FastifyInstance } from "fastify";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openEventStream } from "../src/live/event-stream.ts";
import type { Wire } from "../src/live/wire.ts";

const MEGABYTE = "x".repeat(1024 * 1024);

let app: FastifyInstance;
let client: Socket;
let wire: Wire;
let stream: { closed: number };
beforeEach(async () => {
  // Each has its own: a stream may close after its test.
  const own = { closed: 0 };
  stream = own;
  app = createHttpApp({
    ...{ log: createLogger("test", "silent"), registry: createRegistry("test"), dependencies: {} },
  });
  const opened = Promise.withResolvers<Wire | null>();
  app.get("/", (_request, reply) => {
    reply.header("x-of", "a hook");
    const close = () => {
      own.closed += 1;
    };
    opened.resolve(openEventStream(reply, close));
  });
  const { hostname: host, port } = new URL(await app.listen({ host: "127.0.0.1", port: 0 }));
  client = connect({ host, port: Number(port) });
  client.write("GET / HTTP/1.1\r\nhost: test\r\n\r\n");
  const begun = await opened.promise;
  if (!begun) throw new Error("no stream");
  wire = begun;
});
afterEach(async () => {
  client.destroy();
  await app.close();
});

const written = (text: string) => {
  const state = { taken: false };
  wire.write(text, () => {
    state.taken = true;
  });
  return state;
};

describe("an event stream", () => {
  it("begins with the reply's headers and a hint when to come back", async () => {
    let text = "";
    client.on("data", (chunk) => {
      text += chunk;
    });
    await eventually(() => expect(text).toMatch(/x-of: a hook\r\n.*\r\n\r\n.*retry: \d{4}\n\n/s));
  });

  it("says when a client has taken what was written, and not before", async () => {
    client.pause();
    const small = written("an event");
    await eventually(() => expect(small.taken).toBe(true));
    // More than sockets hold on their own.
    const large = written(MEGABYTE.repeat(16));
    const after = written("another");
    await eventually(() => expect(client.readableLength + client.bytesRead).toBeGreaterThan(0));
    expect([large.taken, after.taken]).toEqual([false, false]);
    client.resume();
    await eventually(() => expect([large.taken, after.taken]).toEqual([true, true]));
  });

  it("can be cut although its client takes nothing", async () => {
    client.pause();
    written(MEGABYTE.repeat(16));
    wire.end();
    expect(stream.closed).toBe(0);
    wire.cut();
    await eventually(() => expect(stream.closed).toBe(1));
    expect(written("too late").taken).toBe(false);
  });

  it("closes when its client goes away, once", async () => {
    client.destroy();
    await eventually(() => expect(stream.closed).toBe(1));
    wire.cut();
    wire.end();
    expect(stream.closed).toBe(1);
  });

  it("closes the connection at its end", async () => {
    client.resume();
    const ended = new Promise((resolve) => client.once("end", resolve));
    wire.end();
    await ended;
    await eventually(() => expect(stream.closed).toBe(1));
  });
});
