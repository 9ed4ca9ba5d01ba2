// The OpenAPI document: valid, and complete for whoever reads nothing else.
import { Validator } from "@seriousme/openapi-schema-validator";
import { PROBLEMS } from "@waitlist/contracts";
import { Ajv2020 } from "ajv/dist/2020.js";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createWorld, type World } from "./support.ts";

interface Content {
  schema: { examples?: unknown[]; anyOf?: { examples?: unknown[] }[] };
  example?: unknown;
}
interface Operation {
  summary?: string;
  tags?: string[];
  security?: Record<string, string[]>[];
  parameters?: { name: string; in: string; example?: unknown; schema: object }[];
  requestBody?: { required: boolean; content: Record<string, Content> };
  responses: Record<string, { description: string; content?: Record<string, Content> }>;
}
interface Document {
  paths: Record<string, Record<string, Operation>>;
  tags: { name: string }[];
  components: { securitySchemes: Record<string, object>; schemas: object };
}

let world: World;
let document: Document;
let operations: [name: string, operation: Operation][];
beforeAll(async () => {
  world = await createWorld();
  document = (await world.app.inject("/openapi.json")).json<Document>();
  operations = Object.entries(document.paths).flatMap(([path, calls]) =>
    Object.entries(calls).map(([method, operation]): [string, Operation] => [`${method} ${path}`, operation]),
  );
});
afterAll(() => world.close());

/** What an answer or a body shows, wherever it stands. */
const examplesOf = ({ example, schema }: Content): unknown[] => [
  ...(example === undefined ? [] : [example]),
  ...(schema.examples ?? []),
  ...(schema.anyOf ?? []).flatMap((each) => each.examples ?? []),
];

/** Whether a value fits a schema of the document. */
function misfits(schema: object, value: unknown): unknown {
  const ajv = new Ajv2020({ strict: false, validateFormats: false, allErrors: true });
  const check = ajv.compile({ ...schema, components: document.components });
  return check(value) ? null : check.errors;
}

describe("the OpenAPI document", () => {
  it("is valid OpenAPI 3.1", async () => {
    const validator = new Validator();
    const { valid, errors } = await validator.validate({ ...structuredClone(document) });
    expect(errors).toBeUndefined();
    expect(valid).toBe(true);
    expect(validator.version).toBe("3.1");
    // The validator can say no.
    expect((await new Validator().validate({ ...structuredClone(document), paths: [] })).valid).toBe(false);
  });

  it("sums each call up, under a heading that it explains, and says who may make it", () => {
    const tags = document.tags.map(({ name }) => name);
    for (const [name, { summary, tags: own = [], security }] of operations) {
      expect(summary, name).toMatch(/^[A-Z].*[^.]$/);
      expect(own.length, name).toBe(1);
      expect(tags, name).toContain(own[0]);
      // An empty list: anybody.
      expect(security, name).toBeDefined();
      for (const scheme of (security ?? []).flatMap((either) => Object.keys(either))) {
        expect(document.components.securitySchemes, name).toHaveProperty([scheme]);
      }
    }
  });

  it("gives each parameter, body and answer an example, which fits its schema", () => {
    for (const [name, { parameters = [], requestBody, responses }] of operations) {
      for (const { name: parameter, example, schema } of parameters) {
        expect(example, `${name}: ${parameter}`).toBeDefined();
        expect(misfits(schema, example), `${name}: ${parameter}`).toBeNull();
      }
      const answers = Object.entries(responses).filter(([status]) => /^[23]/.test(status));
      expect(answers.length, name).toBeGreaterThan(0);
      const shown = [requestBody, ...answers.map(([, answer]) => answer)].flatMap((part) =>
        Object.entries(part?.content ?? {}),
      );
      for (const [type, content] of shown) {
        if (type === "text/event-stream") continue;
        const examples = examplesOf(content);
        expect(examples.length, `${name}: ${type}`).toBeGreaterThan(0);
        for (const example of examples) expect(misfits(content.schema, example), name).toBeNull();
      }
    }
  });

  it("takes an Idempotency-Key with every call that writes, and with no other", () => {
    const takesKey = ([, { parameters = [] }]: (typeof operations)[number]) =>
      parameters.some((each) => each.in === "header" && each.name === "idempotency-key");
    const writes = operations.filter(([name]) => /^(post|put|patch|delete) /.test(name));
    expect(writes.length).toBeGreaterThan(9);
    expect(operations.filter(takesKey).map(([name]) => name)).toEqual(writes.map(([name]) => name));
  });

  it("says which bodies may be left out", () => {
    const optional = operations.filter(([, { requestBody }]) => requestBody?.required === false);
    expect(optional.map(([name]) => name)).toEqual([
      "post /v1/invites/{code}/redemption",
      "post /v1/invites/{code}/withdrawal",
      "post /v1/waitlists/{waitlistId}/invite-batches/{batchId}/withdrawal",
      "post /v1/waitlists/{waitlistId}/mails/{mailId}/resend",
      "post /v1/ops/redrive",
      "post /v1/ops/dead-letters/{deadLetterId}/redrive",
      "post /v1/mail/delivery-reports",
    ]);
    const bodies = operations.filter(([, { requestBody }]) => requestBody?.required);
    expect(bodies.length).toBeGreaterThan(4);
  });

  it("has an answer without content only where there is none", () => {
    for (const [name, { responses }] of operations) {
      for (const [status, { content }] of Object.entries(responses)) {
        const isEmpty = status === "204" || status.startsWith("3");
        expect(content === undefined, `${name} ${status}`).toBe(isEmpty);
      }
    }
  });

  it("names every problem of each call by its code, as a problem document", () => {
    const always = [400, 408, 431, 500, 503];
    const ofBodies = [...always, 413, 415];
    for (const [name, { security = [], parameters = [], requestBody, responses }] of operations) {
      const statuses = Object.keys(responses).map(Number);
      expect(statuses, name).toEqual(expect.arrayContaining(requestBody ? ofBodies : always));
      // What a PUT names needn't be there yet.
      const names = !name.startsWith("put") && parameters.some((each) => each.in === "path");
      if (names) expect(statuses, name).toContain(404);
      if (parameters.some((each) => each.name === "idempotency-key")) {
        const isKept = name !== "post /v1/unsubscribe/{token}";
        expect([statuses.includes(409), statuses.includes(422)], name).toEqual([isKept, isKept]);
        expect(statuses.includes(429), name).toBe(isKept);
      }
      if (security.some((either) => "adminKey" in either)) {
        expect(statuses, name).toEqual(expect.arrayContaining([401, 403]));
      }
      for (const status of statuses.filter((each) => each >= 400)) {
        const { description, content } = responses[status] ?? { description: "" };
        expect(Object.keys(content ?? {}), `${name} ${status}`).toEqual(["application/problem+json"]);
        const codes = [...description.matchAll(/`([a-z-]+)`/g)].map(([, code]) => code);
        expect(codes.length, `${name} ${status}`).toBeGreaterThan(0);
        for (const code of codes) expect(PROBLEMS, name).toHaveProperty([String(code), 0], status);
      }
    }
  });
});
