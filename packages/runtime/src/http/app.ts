import { randomUUID } from "node:crypto";
import { type FastifyInstance, type FastifyServerOptions, fastify, LogController } from "fastify";
import { Histogram, type Registry } from "prom-client";
import { type Dependency, readReadiness } from "../health.ts";
import type { Logger } from "../logger.ts";
import { answerUnreadableRequest, answerUnroutableRequest } from "./broken-requests.ts";
import { answerWithProblems } from "./problems.ts";
import { validateStrictly } from "./validation.ts";

/** The largest body that is read, in bytes; imports are streamed. */
const BODY_LIMIT = 16 * 1024;

export interface HttpAppOptions {
  log: Logger;
  registry: Registry;
  dependencies: Record<string, Dependency>;
  /** Fastify's own options, where a service needs others. */
  server?: FastifyServerOptions;
}

/**
 * A Fastify instance as every service has it: strict validation, problem documents, `/livez`, `/readyz`, `/metrics`,
 * and no request logging of Fastify's own (it would write tokens that stand in addresses).
 */
export function createHttpApp({ log, registry, dependencies, server }: HttpAppOptions): FastifyInstance {
  const app: FastifyInstance = fastify({
    loggerInstance: log,
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: BODY_LIMIT,
    genReqId: () => randomUUID(),
    clientErrorHandler: answerUnreadableRequest,
    frameworkErrors: answerUnroutableRequest,
    routerOptions: { maxParamLength: 2048 },
    ...server,
  });
  // Nothing here speaks plain text: without Fastify's parser for it, it is refused with 415.
  app.removeContentTypeParser("text/plain");
  validateStrictly(app);
  answerWithProblems(app);
  measureRequests(app, registry);
  app.get("/livez", () => ({ status: "alive" }));
  app.get("/readyz", async (_request, reply) => {
    const readiness = await readReadiness(dependencies);
    return reply.code(readiness.status === "ready" ? 200 : 503).send(readiness);
  });
  app.get("/metrics", async (_request, reply) =>
    reply.type(registry.contentType).send(await registry.metrics()),
  );
  return app;
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
    const route = request.routeOptions.url ?? "unmatched";
    duration.labels(request.method, route, String(reply.statusCode)).observe(reply.elapsedTime / 1000);
    done();
  });
}
