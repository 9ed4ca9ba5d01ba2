import { Ajv } from "ajv";
import type { FastifyInstance } from "fastify";

/** All errors at once, so that a form shows each beside its field; bodies are small, so that this can't be abused. */
const common = {
  allErrors: true,
  useDefaults: true,
  removeAdditional: false,
  validateFormats: false,
} as const;

/**
 * Bodies are taken as they are: no field dropped, none converted. Queries, paths and headers are text, so what they
 * hold is converted to the type that the schema names.
 */
export function validateStrictly(app: FastifyInstance): void {
  const bodies = new Ajv({ ...common, coerceTypes: false, strict: false });
  const texts = new Ajv({ ...common, coerceTypes: true, strict: false });
  app.setValidatorCompiler(({ schema, httpPart }) =>
    (httpPart === "body" ? bodies : texts).compile(schema as object),
  );
}
