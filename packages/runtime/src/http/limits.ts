// What a client may take of a server: time, sockets, memory. Every limit of Node's and Fastify's HTTP in one place.
import type { Server } from "node:http";
import type { FastifyHttpOptions, FastifyInstance } from "fastify";

export interface HttpLimits {
  /** A connection that hasn't sent a whole request head by then is answered 408 and closed, in milliseconds. */
  headersTimeoutMs: number;
  /** The same for the whole request with its body. How long the answer takes, as with an event stream, doesn't count. */
  requestTimeoutMs: number;
  /** How often connections are held against the two above, in milliseconds: a limit is exceeded by at most that. */
  checkEveryMs: number;
  /** A connection that is kept open between requests is closed after this, in milliseconds. */
  keepAliveMs: number;
  /** A connection in use on which nothing moves for so long is closed, in milliseconds: nobody takes the answer. */
  stalledMs: number;
  /** The largest request head, in bytes. */
  headBytes: number;
  /** The most header fields of a request. */
  headerFields: number;
  /** The largest body that is read into memory, in bytes; imports are streamed. */
  bodyBytes: number;
  /** The longest single part of a path, in characters. */
  pathPartLength: number;
  /** Connections at once; one more is closed as it comes. */
  connections: number;
  /** Requests of one connection whose answers aren't all sent. Whoever sends more without reading is cut off. */
  pipelined: number;
}

export const HTTP_LIMITS: HttpLimits = {
  // A head is one packet or two: only who drips it needs longer.
  headersTimeoutMs: 10_000,
  // 16 KiB in 15 s is 9 kbit/s: a phone at the edge of its network manages that.
  requestTimeoutMs: 15_000,
  // Node's own 30 s would let a slow client stay three times as long as the limits say.
  checkEveryMs: 1_000,
  // Longer than load balancers keep their side (60 s): the side that closes first must be theirs, or they send into a
  // connection that is just being closed.
  keepAliveMs: 72_000,
  // Longer than any answer is worked on (waits end after 10 s) and than the heartbeats of event streams are apart.
  stalledMs: 60_000,
  // Tokens are up to 1 KiB, browsers send some 2 KiB of their own.
  headBytes: 16 * 1024,
  // Browsers send some 20, proxies add 10.
  headerFields: 100,
  bodyBytes: 16 * 1024,
  // Tokens stand in paths.
  pathPartLength: 2048,
  // Each costs a file descriptor and some 20 KiB; Kafka's and Redis's connections need descriptors, too.
  connections: 10_000,
  // Browsers and proxies have one request under way on a connection; HTTP/1.1's pipelining is nearly extinct.
  pipelined: 32,
};

/** The limits that Fastify and Node take as options. */
export const limitOptions = (limits: HttpLimits) =>
  ({
    bodyLimit: limits.bodyBytes,
    requestTimeout: limits.requestTimeoutMs,
    keepAliveTimeout: limits.keepAliveMs,
    connectionTimeout: limits.stalledMs,
    // Not limited: Node answers the request after the last with a bare 503, and each is judged by itself anyway.
    maxRequestsPerSocket: 0,
    routerOptions: { maxParamLength: limits.pathPartLength },
    http: {
      headersTimeout: limits.headersTimeoutMs,
      // Fastify sets it later; Node already compares the two here.
      requestTimeout: limits.requestTimeoutMs,
      connectionsCheckingInterval: limits.checkEveryMs,
      maxHeaderSize: limits.headBytes,
      // Node's answer would have no words; `refuseDoubtfulRequests` has some.
      requireHostHeader: false,
      // Never: a lenient parser is what request smuggling needs.
      insecureHTTPParser: false,
    },
  }) satisfies FastifyHttpOptions<Server>;

/** The limits that Node has only as properties of a server. */
export function limitServer({ server }: Pick<FastifyInstance, "server">, limits: HttpLimits): void {
  server.maxConnections = limits.connections;
  // Node drops the fields above this one without a word: one more is let in, so that it is seen and refused.
  server.maxHeadersCount = limits.headerFields + 1;
}
