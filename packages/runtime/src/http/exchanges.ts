// What is under way on each connection: requests whose answers aren't all sent.
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Duplex } from "node:stream";
import type { onRequestHookHandler } from "fastify";

export interface Exchanges {
  /** The hook that has to be the first of all. */
  open: onRequestHookHandler;
  /** Whether an answer written to the socket itself, past Node's own, can only be taken for that to its last request. */
  mayAnswerOutright(socket: Duplex): boolean;
  /** Lets connections that are in use end with the answers that are under way. */
  endConnections(): void;
}

type Response = ServerResponse<IncomingMessage>;

/**
 * Counts what is under way, and cuts a connection off that has more than `limit` requests open: pipelining (RFC 9112,
 * 9.3.2) makes one connection as many requests at once as fit through it, each with its memory and its work.
 */
export function createExchanges(limit: number, onCut: () => void): Exchanges {
  const open = new Map<Duplex, Set<Response>>();
  return {
    open: ({ raw: { socket } }, reply, done) => {
      const responses = open.get(socket) ?? remember(socket, open);
      // Parsed from the chunk that was read before the end was decided: it has no answer, so it has no effect (RFC
      // 9112, 9.6).
      if (socket.writableEnded || socket.destroyed || hasLast(responses)) return void reply.hijack();
      if (responses.size >= limit) {
        onCut();
        socket.destroy();
        return void reply.hijack();
      }
      responses.add(reply.raw);
      reply.raw.once("close", () => responses.delete(reply.raw));
      done();
    },
    mayAnswerOutright: (socket) =>
      [...(open.get(socket) ?? [])].every(({ headersSent, req }) => !headersSent && !req.complete),
    endConnections: () => {
      for (const responses of open.values()) {
        for (const response of responses) response.shouldKeepAlive = false;
      }
    },
  };
}

/** As long as the connection lasts: answers that had to wait for others don't hear of its end. */
function remember(socket: Duplex, open: Map<Duplex, Set<Response>>): Set<Response> {
  const responses = new Set<Response>();
  open.set(socket, responses);
  socket.once("close", () => open.delete(socket));
  return responses;
}

/** Whether one of these is the last answer of its connection. */
function hasLast(responses: Set<Response>): boolean {
  for (const { shouldKeepAlive } of responses) if (!shouldKeepAlive) return true;
  return false;
}
