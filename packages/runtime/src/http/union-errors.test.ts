import { Ajv } from "ajv";
import { expect, test } from "vitest";
import { fieldErrors } from "./field-errors.ts";

const closed = (properties: Record<string, object>, required: string[]) => ({
  ...{ type: "object", additionalProperties: false, properties, required },
});
const byCount = closed({ count: { type: "integer", minimum: 1 }, note: { type: "string" } }, ["count"]);
const byName = closed({ names: { type: "array", items: { type: "string" } }, reason: { type: "string" } }, [
  ...["names", "reason"],
]);
const check = new Ajv({ allErrors: true }).compile({ anyOf: [byCount, byName] });

const complaints = (body: unknown) => {
  check(body);
  const errors = check.errors as Parameters<typeof fieldErrors>[0] | null;
  return fieldErrors(errors ?? [], "body").map(({ path, message }) => `${path} ${message}`);
};

test.for<[string, unknown, string[]]>([
  ["nothing", {}, ["/count is required"]],
  ["a wrong field of the first shape", { count: 0 }, ["/count must be >= 1"]],
  ["a wrong field beside a right one", { count: 1, note: 2 }, ["/note must be string"]],
  ["an unknown field", { count: 1, force: true }, ["/force is not a field here"]],
  ["half of the second shape", { names: [] }, ["/reason is required"]],
  ["a wrong part of the second shape", { names: [1], reason: "" }, ["/names/0 must be string"]],
  ["both shapes", { count: 1, names: [], reason: "" }, ["/count is not a field here"]],
  ["no object", 7, [" has a type or a value that is not allowed here"]],
])("of two shapes, %s is told by the one that was meant", ([, body, told]) => {
  expect(complaints(body)).toEqual(told);
});

test("a union of plain values still names them", () => {
  const state = new Ajv({ allErrors: true }).compile({ anyOf: [{ const: "on" }, { const: "off" }] });
  state("up");
  const errors = state.errors as Parameters<typeof fieldErrors>[0];
  expect(fieldErrors(errors, "body")).toEqual([{ path: "", message: 'must be one of "on", "off"' }]);
});
