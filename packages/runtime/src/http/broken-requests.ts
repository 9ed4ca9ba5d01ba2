// Answers to requests that never reach a route: they too are problem documents.
import { type FieldError, type ProblemCode, ProblemError } from "@waitlist/contracts";
import type { FastifyServerOptions } from "fastify";
import type { Exchanges } from "./exchanges.ts";
import { sendProblem, toProblemError } from "./problems.ts";

/** No hook of a service sees these requests: the strictest headers stand here. */
const STRICT = {
  "x-content-type-options": "nosniff",
  "referrer-policy": "no-referrer",
  "content-security-policy": "default-src 'none';frame-ancestors 'none'",
};

const problemOf = (code: ProblemCode, errors: FieldError[]) => new ProblemError(code, undefined, { errors });

/**
 * Answers what Node's HTTP parser refuses: headers that are too large or malformed, requests that never end. Where answers
 * to earlier requests of the connection are still to come, this one would be taken for theirs: it is only closed.
 */
export const answerUnreadableRequest =
  (exchanges: Exchanges, onCut: () => void): NonNullable<FastifyServerOptions["clientErrorHandler"]> =>
  (error, socket) => {
    if (error.code === "ECONNRESET" || socket.destroyed) return;
    onCut();
    if (socket.writable && exchanges.mayAnswerOutright(socket)) {
      socket.write(rawResponse(unreadableProblem(error.code)));
    }
    socket.destroy(error);
  };

function unreadableProblem(code: string | undefined): ProblemError {
  if (code === "HPE_HEADER_OVERFLOW") {
    return problemOf("headers-too-large", [{ path: "/headers", message: "are too large" }]);
  }
  if (code === "ERR_HTTP_REQUEST_TIMEOUT") return new ProblemError("request-timeout");
  return problemOf("invalid-request", [{ path: "", message: "is not a valid HTTP request" }]);
}

function rawResponse(problem: ProblemError): string {
  const body = JSON.stringify(problem.toProblem());
  return [
    `HTTP/1.1 ${problem.status} ${problem.code}`,
    "content-type: application/problem+json; charset=utf-8",
    `content-length: ${Buffer.byteLength(body)}`,
    ...Object.entries(STRICT).map((header) => header.join(": ")),
    "connection: close",
    "",
    body,
  ].join("\r\n");
}

/** What Fastify's router refuses: paths that can't be decoded or whose parts are too long. */
export const answerUnroutableRequest: NonNullable<FastifyServerOptions["frameworkErrors"]> = (
  error,
  _request,
  reply,
) => {
  const { code, status } = toProblemError(error);
  void sendProblem(
    reply.headers(STRICT),
    status < 500 ? problemOf(code, [{ path: "/path", message: "is not valid" }]) : new ProblemError(code),
  );
};
