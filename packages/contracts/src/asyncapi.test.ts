import asyncapi from "@asyncapi/specs";
import { Ajv } from "ajv";
import { describe, expect, it } from "vitest";
import { asyncApiDocument } from "./asyncapi.ts";
import { EVENTS } from "./events/index.ts";

const document = asyncApiDocument({ version: "1.2.3", partitions: 12, topicPrefix: "test." });

/** Every `$ref` anywhere in the document. */
function references(value: unknown): string[] {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) =>
    key === "$ref" && typeof inner === "string" ? [inner] : references(inner),
  );
}

const resolve = (pointer: string) =>
  pointer
    .slice(2)
    .split("/")
    .reduce<unknown>((at, key) => (at as Record<string, unknown> | undefined)?.[key], document);

describe("the AsyncAPI document", () => {
  it("is valid AsyncAPI 3.0", () => {
    // It brings JSON Schema's own schema along.
    const ajv = new Ajv({ meta: false, validateSchema: false, strict: false, validateFormats: false });
    const check = ajv.compile(asyncapi.schemas["3.0.0"] as object);
    expect(check(document) ? [] : check.errors).toEqual([]);
    // The validator can say no.
    expect(check({ ...document, channels: [] })).toBe(false);
  });

  it("names the installation's topic and its partitions", () => {
    expect(document.channels.events.address).toBe("test.waitlist.events");
    expect(document.channels.events.bindings.kafka.partitions).toBe(12);
  });

  it("has a message and a schema for every event", () => {
    expect(Object.keys(document.components.messages)).toEqual(Object.keys(EVENTS));
    expect(Object.keys(document.components.schemas)).toEqual(Object.keys(EVENTS));
  });

  it("refers only to what is in it", () => {
    const refs = references(document);
    expect(refs.length).toBeGreaterThan(0);
    for (const ref of refs) expect(resolve(ref), ref).toBeDefined();
  });
});
