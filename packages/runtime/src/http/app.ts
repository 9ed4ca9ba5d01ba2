import { randomUUID } from "node:crypto";
import { type FastifyInstance, type FastifyServerOptions, fastify, LogController } from "fastify";
import { Counter, Histogram, type Registry } from "prom-client";
import { type Dependency, shareReadiness } from "../health.ts";
import type { Logger } from "../logger.ts";
import { singleFlight } from "../single-flight.ts";
import { answerUnreadableRequest, answerUnroutableRequest } from "./broken-requests.ts";
import { refuseWhileClosing } from "./closing.ts";
import { refuseDoubtfulRequests } from "./doubtful-requests.ts";
import { createExchanges } from "./exchanges.ts";
import { takeStrictJson } from "./json-bodies.ts";
import { HTTP_LIMITS, type HttpLimits, limitOptions, limitServer } from "./limits.ts";
import { limitPeers, type PeerBounds } from "./peers.ts";
import { answerWithProblems } from "./problems.ts";
import { traceRequests } from "./traces.ts";
import { answerUnknownRoutes } from "./unknown-routes.ts";
import { validateStrictly } from "./validation.ts";

declare module "fastify" {
  interface FastifyContextConfig {
    /** False where how long an answer takes says nothing of how fast it was given: it isn't measured. */
    timed?: boolean;
    /** False where it makes no trace. */
    traced?: boolean;
  }
}

export interface HttpAppOptions {
  log: Logger;
  registry: Registry;
  dependencies: Record<string, Dependency>;
  /** Other limits than `HTTP_LIMITS`, for tests that can't wait for them. */
  limits?: Partial<HttpLimits>;
  /** What connections of one peer are held against; no bound of their own without it. */
  peers?: PeerBounds;
  /** Callers are our own services, whose traces go on here. */
  trusting?: boolean;
  /** Fastify's own options, where a service needs others. */
  server?: FastifyServerOptions;
}

/**
 * A Fastify instance as every service has it: strict validation, problem documents, limits on what a client may take,
 * `/livez`, `/readyz`, `/metrics`, and no request logging of Fastify's own (it would write tokens that stand in
 * addresses).
 */
export function createHttpApp(options: HttpAppOptions): FastifyInstance {
  const { log, registry, dependencies, server } = options;
  const limits = { ...HTTP_LIMITS, ...options.limits };
  const cut = countCuts(registry);
  const exchanges = createExchanges(limits.pipelined, () => cut("pipelined"));
  const app: FastifyInstance = fastify({
    loggerInstance: log,
    logController: new LogController({ disableRequestLogging: true }),
    genReqId: () => randomUUID(),
    clientErrorHandler: answerUnreadableRequest(exchanges, () => cut("unreadable")),
    frameworkErrors: answerUnroutableRequest,
    return503OnClosing: false,
    // Formats tell what a text means; nothing is checked by them, on the way in or out.
    serializerOpts: { ajv: { validateFormats: false } },
    ...limitOptions(limits),
    ...server,
  });
  limitServer(app, limits);
  if (options.peers) limitPeers(app.server, options.peers, () => cut("crowded"));
  app.addHook("onRequest", exchanges.open);
  refuseDoubtfulRequests(app, limits.headerFields);
  refuseWhileClosing(app, exchanges);
  // Nothing here speaks plain text: without Fastify's parser for it, it is refused with 415.
  app.removeContentTypeParser("text/plain");
  takeStrictJson(app);
  validateStrictly(app);
  answerWithProblems(app);
  answerUnknownRoutes(app, limits.pathPartLength);
  measureRequests(app, registry);
  traceRequests(app, { trusting: options.trusting ?? false });
  answerHealth(app, registry, dependencies);
  return app;
}

type Cut = "pipelined" | "unreadable" | "crowded";

function countCuts(registry: Registry): (reason: Cut) => void {
  const cuts = new Counter({
    name: "waitlist_http_connections_cut_total",
    help:
      "Connections closed for what came over them (too many requests at once, or one that can't be read), or because " +
      "their peer has too many.",
    labelNames: ["reason"] as const,
    registers: [registry],
  });
  return (reason) => cuts.inc({ reason });
}

function answerHealth(
  app: FastifyInstance,
  registry: Registry,
  dependencies: Record<string, Dependency>,
): void {
  const readiness = shareReadiness(dependencies);
  // Public, and long: whoever asks at the same time gets the same.
  const metrics = singleFlight(() => registry.metrics());
  const quiet = { config: { traced: false } };
  app.get("/livez", quiet, () => ({ status: "alive" }));
  app.get("/readyz", quiet, async (_request, reply) => {
    const read = await readiness();
    return reply.code(read.status === "ready" ? 200 : 503).send(read);
  });
  app.get("/metrics", quiet, async (_request, reply) =>
    reply.type(registry.contentType).send(await metrics()),
  );
}

function measureRequests(app: FastifyInstance, registry: Registry): void {
  const duration = new Histogram({
    name: "waitlist_http_request_duration_seconds",
    help: "Time from a request's arrival to its answer, by route and status.",
    labelNames: ["method", "route", "status"] as const,
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    registers: [registry],
  });
  app.addHook("onResponse", (request, reply, done) => {
    if (request.routeOptions.config.timed === false && reply.statusCode < 400) return done();
    const route = request.routeOptions.url ?? "unmatched";
    duration.labels(request.method, route, String(reply.statusCode)).observe(reply.elapsedTime / 1000);
    done();
  });
}
