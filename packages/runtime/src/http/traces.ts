import type { FastifyInstance, FastifyRequest } from "fastify";
import { createTraceBudget } from "../tracing/budget.ts";
import { isTracing, type OpenSpan, openSpan } from "../tracing/spans.ts";

/**
 * A span for each request that reaches its handler, in which the handler runs. What is refused before that makes none, so
 * that a flood of refusals floods no collector; metrics count it. `trusting`: callers are our own services, and the span goes on
 * with their trace, where they have one. A stranger's trace is named beside the span, and no more: whoever could choose the trace could join
 * other people's requests to it, or have everything recorded.
 */
export function traceRequests(app: FastifyInstance, { trusting }: { trusting: boolean }): void {
  if (!isTracing()) return;
  const mayBegin = createTraceBudget();
  const spans = new WeakMap<FastifyRequest, OpenSpan>();
  app.addHook("preHandler", (request, reply, done) => {
    const { url: route, config } = request.routeOptions;
    // Neither probes nor what stays open for hours.
    if (route === undefined || config.timed === false || config.traced === false) return done();
    if (!trusting && !mayBegin()) return done();
    const span = openSpan(`${request.method} ${route}`, {
      kind: "server",
      within: trusting ? { carrier: request.headers } : "new",
      ...(trusting ? {} : { linked: request.headers }),
      startedAt: Date.now() - reply.elapsedTime,
      attributes: { "http.request.method": request.method, "http.route": route },
    });
    if (!span) return done();
    spans.set(request, span);
    span.run(done);
  });
  app.addHook("onResponse", (request, reply, done) => {
    const span = spans.get(request);
    span?.set({ "http.response.status_code": reply.statusCode });
    span?.end(reply.statusCode >= 500 ? new Error() : undefined);
    done();
  });
}
