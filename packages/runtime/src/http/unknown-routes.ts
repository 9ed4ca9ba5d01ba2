// Requests that no route takes: 405 where the path is known by another method, 404 where it isn't.
import { ProblemError } from "@waitlist/contracts";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import createRouter, { type HTTPMethod } from "find-my-way";
import { sendProblem } from "./problems.ts";

/**
 * Answers 405 with `Allow` (RFC 9110, 15.5.6) or 404; `OPTIONS` of a known path tells its methods. Fastify doesn't tell
 * the two apart, so its own router, a second time, holds which methods a path has. Must run before the routes are there.
 */
export function answerUnknownRoutes(app: FastifyInstance, maxParamLength: number): void {
  const router = createRouter({ maxParamLength });
  const methods = new Set<HTTPMethod>();
  app.addHook("onRoute", ({ method, url }) => {
    // The one that takes preflights for every path, known or not.
    if (url === "*") return;
    for (const each of [method].flat() as HTTPMethod[]) {
      methods.add(each);
      if (!router.hasRoute(each, url)) router.on(each, url, () => undefined);
    }
  });

  const answer = (request: FastifyRequest, reply: FastifyReply) => {
    const path = request.raw.url ?? "";
    const allowed = [...methods].filter((method) => router.find(method, path) !== null);
    if (allowed.length === 0) return sendProblem(reply, new ProblemError("not-found"));
    reply.header("allow", [...new Set([...allowed, "OPTIONS"])].join(", "));
    if (request.method === "OPTIONS") return reply.code(204).send();
    return sendProblem(reply, new ProblemError("method-not-allowed"));
  };
  // Before a body is read, whose type or length would be judged first; after the hooks that every answer needs.
  app.addHook("preParsing", (request, reply, _payload, done) => {
    if (!request.is404) return done();
    void answer(request, reply);
  });
  app.setNotFoundHandler(answer);
}
