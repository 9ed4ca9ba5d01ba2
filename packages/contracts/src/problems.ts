// RFC 9457 problem documents: a stable `code` for programs, a sentence for people.
import { type Static, Type } from "@sinclair/typebox";

/** Every code that the API can answer, with its status and title. */
export const PROBLEMS = {
  "invalid-request": [400, "The request is not valid."],
  "invalid-json": [400, "The body is not valid JSON."],
  unauthorized: [401, "A valid key is required."],
  forbidden: [403, "This key may not do that."],
  "challenge-required": [403, "This waitlist asks for a solved challenge."],
  "not-found": [404, "There is nothing here."],
  "waitlist-not-found": [404, "There is no such waitlist."],
  "entry-not-found": [404, "There is no such entry, or the token doesn't fit it."],
  "receipt-not-found": [404, "This is no receipt of ours."],
  "batch-not-found": [404, "There is no such invite batch."],
  "schedule-not-found": [404, "There is no such invite schedule."],
  "invite-not-found": [404, "There is no such invite."],
  "dead-letter-not-found": [404, "There is no such dead letter."],
  "mail-not-found": [404, "There is no such mail."],
  "method-not-allowed": [405, "This method is not allowed here."],
  "not-acceptable": [406, "This representation is not offered."],
  "request-timeout": [408, "The request took too long to arrive."],
  "idempotency-key-in-use": [409, "A request with this Idempotency-Key is still being answered."],
  "invite-redeemed": [409, "This invite was redeemed by another request."],
  "waitlist-not-open": [409, "This waitlist is not open yet."],
  "waitlist-closed": [409, "This waitlist is closed."],
  "waitlist-full": [409, "This waitlist is full."],
  "schedule-ended": [409, "This invite schedule has ended."],
  "mail-not-resendable": [409, "Only a mail that failed, or may not have arrived, is sent again."],
  "dead-letter-settled": [409, "This dead letter was redriven or discarded before."],
  "dead-letter-not-redrivable": [409, "This dead letter can't be put back on the log."],
  "invite-expired": [410, "This invite has expired."],
  "invite-withdrawn": [410, "This invite was withdrawn."],
  "invite-gone": [410, "This invite's place was given up."],
  "precondition-failed": [412, "The waitlist has changed meanwhile."],
  "body-too-large": [413, "The body is too large."],
  "unsupported-media-type": [415, "This content type is not accepted."],
  "mail-refused": [422, "The mail server refused this mail."],
  "idempotency-key-reused": [422, "This Idempotency-Key was used with another request."],
  "rate-limited": [429, "Too many requests; try again later."],
  "headers-too-large": [431, "The request's headers are too large."],
  internal: [500, "Something went wrong on our side."],
  unavailable: [503, "Not available right now; try again shortly."],
} as const satisfies Record<string, readonly [number, string]>;

export type ProblemCode = keyof typeof PROBLEMS;

export const FieldError = Type.Object({ path: Type.String(), message: Type.String() });
export type FieldError = Static<typeof FieldError>;

export const Problem = Type.Object(
  {
    type: Type.String({ description: "`about:blank`: the code says what happened." }),
    title: Type.String(),
    status: Type.Integer(),
    code: Type.String(),
    detail: Type.Optional(Type.String()),
    errors: Type.Optional(Type.Array(FieldError)),
  },
  { $id: "Problem", title: "Problem", description: "RFC 9457 problem document" },
);
export type Problem = Static<typeof Problem>;

/** Thrown anywhere below a route; the error handler turns it into a problem document. */
export class ProblemError extends Error {
  readonly code: ProblemCode;
  readonly status: number;
  readonly errors: FieldError[] | undefined;
  /** Seconds for `Retry-After`. */
  readonly retryAfter: number | undefined;

  constructor(
    code: ProblemCode,
    detail?: string,
    more: { errors?: FieldError[]; retryAfter?: number; cause?: unknown } = {},
  ) {
    super(detail ?? PROBLEMS[code][1], { cause: more.cause });
    this.name = "ProblemError";
    this.code = code;
    this.status = PROBLEMS[code][0];
    this.errors = more.errors;
    this.retryAfter = more.retryAfter;
  }

  toProblem(): Problem {
    const title = PROBLEMS[this.code][1];
    return {
      type: "about:blank",
      title,
      status: this.status,
      code: this.code,
      ...(this.message === title ? {} : { detail: this.message }),
      ...(this.errors ? { errors: this.errors } : {}),
    };
  }
}
