// Routes' schemas as the OpenAPI document shows them: the same rules, in words that it has.
import type { FastifySchema } from "fastify";

type Schema = Record<string, unknown>;

const isSchema = (value: unknown): value is Schema =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Of a body, too, what has a default may be left out. */
export function describedSchema(schema: FastifySchema | undefined): FastifySchema {
  const { body, ...parts } = schema ?? {};
  const shown = described(parts, (part) => part) as FastifySchema;
  return body === undefined ? shown : { ...shown, body: described(body, withoutDefaults) };
}

function described(value: unknown, change: (part: Schema) => Schema): unknown {
  if (Array.isArray(value)) return value.map((each) => described(each, change));
  if (!isSchema(value)) return value;
  const part = change(withNamedProperties(value));
  return Object.fromEntries(Object.entries(part).map(([key, inner]) => [key, described(inner, change)]));
}

function withoutDefaults(part: Schema): Schema {
  const { required, properties } = part;
  if (!Array.isArray(required) || !isSchema(properties)) return part;
  const isNeeded = (name: unknown) => {
    const property = properties[String(name)];
    return !isSchema(property) || !("default" in property);
  };
  return { ...part, required: required.filter(isNeeded) };
}

/** @fastify/swagger takes `patternProperties` for properties of any name; with `propertyNames` it says the same. */
function withNamedProperties(part: Schema): Schema {
  const { patternProperties, ...rest } = part;
  if (!isSchema(patternProperties)) return part;
  const [[pattern, schema] = []] = Object.entries(patternProperties);
  return { ...rest, propertyNames: { pattern }, additionalProperties: schema };
}

const SAYS_WHAT = ["type", "anyOf", "oneOf", "allOf", "$ref", "const", "enum"];

/** The library calls every body required; one that may be null, or anything, may be left out. */
export function withOptionalBodies<T extends object>(document: T): T {
  const { paths } = document as { paths?: Record<string, Record<string, { requestBody?: RequestBody }>> };
  for (const { requestBody } of Object.values(paths ?? {}).flatMap((calls) => Object.values(calls))) {
    const schemas = Object.values(requestBody?.content ?? {}).map(({ schema }) => schema);
    const isOptional = schemas.some((schema) => mayBeNull(schema) || !SAYS_WHAT.some((key) => key in schema));
    if (requestBody && isOptional) requestBody.required = false;
  }
  return document;
}

const mayBeNull = ({ type }: Schema) => Array.isArray(type) && type.includes("null");

interface RequestBody {
  required?: boolean;
  content: Record<string, { schema: Schema }>;
}
