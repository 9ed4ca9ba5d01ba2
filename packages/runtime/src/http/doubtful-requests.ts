// Requests that Node's parser lets through, but that another server on the way may read differently.
import { ProblemError } from "@waitlist/contracts";
import type { FastifyInstance, FastifyRequest } from "fastify";

/**
 * Refuses what RFC 9112 wants refused beyond Node's own strictness: no or several hosts (3.2), a transfer coding other
 * than chunked, or any under HTTP/1.0 (6.1), HTTP/0.9, and more than `headerFields` fields. The connection is closed:
 * nobody knows what would be read from it next.
 */
export function refuseDoubtfulRequests(app: FastifyInstance, headerFields: number): void {
  // After the hooks that every answer needs; before a body is read.
  app.addHook("preParsing", (request, reply, _payload, done) => {
    const problem = problemOf(request, headerFields);
    if (!problem) return done();
    reply.raw.shouldKeepAlive = false;
    done(problem);
  });
  // An expectation that isn't known may be ignored (RFC 9110, 10.1.1); Node's own 417 would have no words.
  app.server.on("checkExpectation", (request, response) => app.server.emit("request", request, response));
}

function problemOf({ raw }: FastifyRequest, headerFields: number): ProblemError | null {
  const { rawHeaders, httpVersion } = raw;
  if (rawHeaders.length > headerFields * 2) return refusal("headers-too-large", "/headers", "are too many");
  if (httpVersion !== "1.1" && httpVersion !== "1.0")
    return refusal("invalid-request", "", "is of an HTTP version that is not spoken here");
  const hosts = countHosts(rawHeaders);
  if (hosts > 1 || (hosts === 0 && httpVersion === "1.1"))
    return refusal("invalid-request", "/headers/host", "must be given once");
  const coding = raw.headers["transfer-encoding"];
  if (coding !== undefined && (coding.toLowerCase() !== "chunked" || httpVersion === "1.0"))
    return refusal("invalid-request", "/headers/transfer-encoding", "is not taken here");
  return null;
}

/** Node keeps the first of several in `headers`. */
function countHosts(rawHeaders: readonly string[]): number {
  let hosts = 0;
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const name = rawHeaders[at];
    if (name?.length === 4 && name.toLowerCase() === "host") hosts++;
  }
  return hosts;
}

const refusal = (code: "headers-too-large" | "invalid-request", path: string, message: string) =>
  new ProblemError(code, undefined, { errors: [{ path, message }] });
