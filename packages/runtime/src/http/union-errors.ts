// Which of a union's complaints are worth telling: those of the shape that was most likely meant.
import type { FastifySchemaValidationError } from "fastify/types/schema.js";

type Errors = readonly FastifySchemaValidationError[];

/**
 * Leaves out what the other shapes of a union of objects complain about, and the union's own word, which says no more.
 * Meant is the shape whose fields the value has: the fewest that are missing or unknown; of several the first.
 * Unions of other values are left as they are.
 */
export function ofMeantShapes(errors: Errors): FastifySchemaValidationError[] {
  const left = new Set(errors);
  for (const union of errors.filter(({ keyword }) => keyword === "anyOf")) {
    const shapes = [...Map.groupBy(within(union, errors), (error) => shapeOf(union, error)).values()];
    const misfits = shapes.map((shape) => misfitsOf(union, shape));
    if (!shapes.some((shape) => shape.some((error) => isMisfit(union, error)))) continue;
    const meant = shapes[misfits.indexOf(Math.min(...misfits))];
    for (const error of shapes.flat()) if (!meant?.includes(error)) left.delete(error);
    left.delete(union);
  }
  return errors.filter((error) => left.has(error));
}

const within = ({ schemaPath, instancePath }: FastifySchemaValidationError, errors: Errors) =>
  errors.filter(
    (error) => error.schemaPath.startsWith(`${schemaPath}/`) && error.instancePath.startsWith(instancePath),
  );

const shapeOf = (union: FastifySchemaValidationError, { schemaPath }: FastifySchemaValidationError) =>
  schemaPath.slice(union.schemaPath.length + 1).split("/", 1)[0];

const isMisfit = (
  union: FastifySchemaValidationError,
  { instancePath, keyword }: FastifySchemaValidationError,
) => instancePath === union.instancePath && (keyword === "required" || keyword === "additionalProperties");

/** No field fits where the value isn't an object at all. */
function misfitsOf(union: FastifySchemaValidationError, shape: Errors): number {
  const isOther = shape.some(
    ({ instancePath, keyword }) => instancePath === union.instancePath && keyword === "type",
  );
  return isOther ? Number.POSITIVE_INFINITY : shape.filter((error) => isMisfit(union, error)).length;
}
