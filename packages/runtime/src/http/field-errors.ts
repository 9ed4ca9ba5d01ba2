// Says in words for people which field of a request is wrong and why, without repeating its value.
import type { FieldError } from "@waitlist/contracts";
import type { FastifySchemaValidationError } from "fastify/types/schema.js";
import { ofMeantShapes } from "./union-errors.ts";

const MAX_ERRORS = 20;

/** One error a field: a union's branches all complain about the same one. */
export function fieldErrors(
  errors: readonly FastifySchemaValidationError[],
  context: string | undefined,
): FieldError[] {
  const prefix = context && context !== "body" ? `/${context}` : "";
  const byPath = new Map<string, FieldError>();
  for (const error of ofMeantShapes(errors)) {
    // It only says that one of the others is there.
    if (error.keyword === "if") continue;
    const path = prefix + pathOf(error);
    // The last word on a path is the union's own (`anyOf`), after those of its branches.
    if (!byPath.has(path) || error.keyword === "anyOf")
      byPath.set(path, { path, message: wordsFor(error, errors) });
  }
  return [...byPath.values()].slice(0, MAX_ERRORS);
}

function pathOf({ instancePath, keyword, params }: FastifySchemaValidationError): string {
  const missing = keyword === "required" ? params.missingProperty : undefined;
  const unknown = keyword === "additionalProperties" ? params.additionalProperty : undefined;
  const name = missing ?? unknown;
  return typeof name === "string" ? `${instancePath}/${pointerSegment(name)}` : instancePath;
}

/** RFC 6901, cut to what is worth showing: the name is the client's. */
export const pointerSegment = (name: string) => name.slice(0, 64).replaceAll("~", "~0").replaceAll("/", "~1");

function wordsFor(error: FastifySchemaValidationError, all: readonly FastifySchemaValidationError[]): string {
  switch (error.keyword) {
    case "required":
      return "is required";
    case "additionalProperties":
      return "is not a field here";
    case "pattern":
      return ownWords(error) ?? "has characters or a form that is not allowed here";
    case "false schema":
      return "is not allowed beside the other fields";
    case "minLength":
      return "is too short";
    case "maxLength":
      return error.params.limit === 0 ? "must be left empty" : "is too long";
    case "anyOf":
      return choices(error.instancePath, all);
    default:
      return error.message ?? "is not valid";
  }
}

/** What a schema says of its pattern, where it has better words than these (`x-refusal`). */
function ownWords(error: FastifySchemaValidationError): string | undefined {
  const { parentSchema } = error as { parentSchema?: { "x-refusal"?: string } };
  return parentSchema?.["x-refusal"];
}

function choices(path: string, all: readonly FastifySchemaValidationError[]): string {
  const allowed = all
    .filter(({ instancePath, keyword }) => instancePath === path && keyword === "const")
    .map(({ params }) => JSON.stringify(params.allowedValue));
  return allowed.length > 0
    ? `must be one of ${allowed.join(", ")}`
    : "has a type or a value that is not allowed here";
}
