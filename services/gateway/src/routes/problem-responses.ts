// How a route's OpenAPI entry names the problems that it may answer.
import { PROBLEMS, type ProblemCode } from "@waitlist/contracts";

const READS = [
  "invalid-request",
  "request-timeout",
  "rate-limited",
  "headers-too-large",
  "internal",
  "unavailable",
] as const;
const BODIES = ["body-too-large", "unsupported-media-type"] as const;
const WRITES = [
  ...READS,
  ...BODIES,
  "invalid-json",
  "idempotency-key-in-use",
  "idempotency-key-reused",
] as const;

interface ProblemResponse {
  description: string;
  content: { "application/problem+json": { schema: { $ref: string } } };
}

/** Responses by status for these codes; several codes of one status share a response. */
function problemResponses(codes: readonly ProblemCode[]): Record<number, ProblemResponse> {
  const byStatus = Map.groupBy(new Set(codes), (code) => PROBLEMS[code][0]);
  const response = (group: ProblemCode[]): ProblemResponse => ({
    description: group.map((code) => `\`${code}\`: ${PROBLEMS[code][1]}`).join(" "),
    content: { "application/problem+json": { schema: { $ref: "Problem#" } } },
  });
  return Object.fromEntries([...byStatus].map(([status, group]) => [status, response(group)]));
}

/** The problems of a route that reads, beside those that any may answer. */
export const readProblems = (...codes: ProblemCode[]) => problemResponses([...codes, ...READS]);
/** The problems of a route that takes a form, keeps no `Idempotency-Key`, and is never one request too many. */
export const freeFormProblems = (...codes: ProblemCode[]) =>
  problemResponses([...codes, ...READS.filter((code) => code !== "rate-limited"), ...BODIES]);
/** The problems of a route that takes a body. */
export const writeProblems = (...codes: ProblemCode[]) => problemResponses([...codes, ...WRITES]);
