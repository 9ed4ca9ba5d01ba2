import { ProblemError } from "@waitlist/contracts";
import type { FastifyInstance } from "fastify";
import type { Exchanges } from "./exchanges.ts";

/** A client that asks again after so many seconds meets the server's successor. */
const RETRY_AFTER_S = 2;

/**
 * While the server closes, what is under way is answered, and what still comes on kept connections is a 503 problem;
 * with the answers the connections end, so that nobody's keep-alive holds up the stop. Fastify's own
 * `return503OnClosing`, whose answer is no problem document, must be off.
 */
export function refuseWhileClosing(app: FastifyInstance, exchanges: Exchanges): void {
  let closing = false;
  app.addHook("preClose", (done) => {
    closing = true;
    exchanges.endConnections();
    done();
  });
  // After CORS, so that pages can read it; before a body is read.
  app.addHook("preParsing", (_request, _reply, _payload, done) => {
    if (!closing) return done();
    done(new ProblemError("unavailable", "This server is stopping.", { retryAfter: RETRY_AFTER_S }));
  });
}
