// Turns whatever a route throws into an RFC 9457 problem document.
import { type FieldError, type ProblemCode, ProblemError } from "@waitlist/contracts";
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { fieldErrors } from "./field-errors.ts";

/** Fastify's own refusals, by its error code. */
const REFUSALS: Record<string, { code: ProblemCode; message?: string }> = {
  FST_ERR_CTP_INVALID_JSON_BODY: { code: "invalid-json" },
  FST_ERR_CTP_EMPTY_JSON_BODY: { code: "invalid-json", message: "the body is empty" },
  FST_ERR_CTP_BODY_TOO_LARGE: { code: "body-too-large" },
  FST_ERR_CTP_INVALID_MEDIA_TYPE: { code: "unsupported-media-type" },
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: { code: "invalid-request" },
};

export function toProblemError(error: unknown): ProblemError {
  if (error instanceof ProblemError) return error;
  const thrown = error as Partial<FastifyError>;
  if (thrown.validation) {
    return new ProblemError("invalid-request", undefined, {
      errors: fieldErrors(thrown.validation, thrown.validationContext),
    });
  }
  const refusal = REFUSALS[thrown.code ?? ""];
  if (refusal) return refused(refusal.code, refusal.message);
  if (error instanceof SyntaxError && thrown.statusCode === 400) return refused("invalid-json");
  const status = thrown.statusCode ?? 500;
  return status >= 400 && status < 500 ? refused("invalid-request") : new ProblemError("internal");
}

function refused(code: ProblemCode, message?: string): ProblemError {
  const errors: FieldError[] = [{ path: "", message: message ?? new ProblemError(code).message }];
  return new ProblemError(code, undefined, { errors });
}

/** Every answer of 400 and above is `application/problem+json`; only 500s are logged, without the request's values. */
export function answerWithProblems(app: FastifyInstance): void {
  app.setErrorHandler((error: unknown, request: FastifyRequest, reply: FastifyReply) => {
    const problem = toProblemError(error);
    if (problem.code === "internal") {
      request.log.error(
        { err: error, route: request.routeOptions.url, method: request.method },
        "a request failed",
      );
    }
    if (problem.retryAfter !== undefined) void reply.header("retry-after", String(problem.retryAfter));
    return sendProblem(reply, problem);
  });
}

/** Sends a problem document as the answer. */
export const sendProblem = (reply: FastifyReply, problem: ProblemError) =>
  reply
    .code(problem.status)
    .header("content-type", "application/problem+json; charset=utf-8")
    // The body as text: a route's response schema must not cut a problem's fields.
    .serializer((body: unknown) => JSON.stringify(body))
    .send(problem.toProblem());
