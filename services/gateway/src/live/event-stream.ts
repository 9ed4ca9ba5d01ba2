// Server-Sent Events over a response of Node's own. Not by @fastify/sse: it keeps a timer a stream, writes heartbeats into
// full sockets, and waits for ever where a client goes away with its socket full.
import type { FastifyReply } from "fastify";
import { retryHint, type Wire } from "./wire.ts";

/** Spread, in milliseconds, so that not all clients of a server that stops come back at once. */
const RETRY_FROM_MS = 2000;
const RETRY_SPREAD_MS = 4000;

/** Begins the stream, with the headers that the reply has so far; null where the client has gone. */
export function openEventStream(reply: FastifyReply, closed: () => void): Wire | null {
  const { raw } = reply;
  if (raw.destroyed || !raw.socket || raw.socket.destroyed) return null;
  reply.hijack();
  raw.once("close", closed);
  // What goes wrong with a socket ends in its close.
  raw.on("error", () => undefined);
  // An end of the stream is the end of the connection: nothing of it holds up a stop.
  raw.shouldKeepAlive = false;
  raw.writeHead(200, {
    ...(reply.getHeaders() as Record<string, string>),
    "content-type": "text/event-stream",
    // nginx would gather what is sent, and send it late.
    "x-accel-buffering": "no",
  });
  raw.write(retryHint(RETRY_FROM_MS + Math.floor(Math.random() * RETRY_SPREAD_MS)));
  return {
    write: (text, taken) => {
      if (!raw.destroyed) raw.write(text, () => taken());
    },
    end: () => void raw.end(),
    cut: () => void raw.destroy(),
  };
}
