import type { TSchema } from "@sinclair/typebox";
import { type TypeCheck, TypeCompiler } from "@sinclair/typebox/compiler";
import { EVENTS, type EventType, type WaitlistEvent } from "./index.ts";

/**
 * What a record turned out to be.
 * - `event`: readable; with `unreadable`, only its frozen fields are, and the others must not be looked at;
 * - `poison`: no event of ours, and never will be: set aside;
 * - `unsupported`: a type or version that this build doesn't know: wait for the right build.
 * Causes name fields, never values.
 */
export type Decoded =
  | { kind: "event"; event: WaitlistEvent; unreadable?: string }
  | { kind: "poison"; cause: string }
  | { kind: "unsupported"; cause: string };

interface Checks {
  full: TypeCheck<TSchema>;
  frozen: TypeCheck<TSchema>;
}

const checks: Record<string, Checks> = {};
for (const { type, schema, frozen } of Object.values(EVENTS)) {
  checks[type] = {
    full: TypeCompiler.Compile<TSchema>(schema),
    frozen: TypeCompiler.Compile<TSchema>(frozen),
  };
}

const isEventType = (type: string): type is EventType => Object.hasOwn(EVENTS, type);

/** Reads a record's value. Never throws. */
export function decodeEvent(value: Uint8Array | null): Decoded {
  const envelope = parseObject(value);
  if (!envelope) return { kind: "poison", cause: "the value is not a JSON object" };
  const { type, schemaversion } = envelope;
  if (envelope.specversion !== "1.0" || typeof type !== "string") {
    return { kind: "poison", cause: "the value is not a CloudEvents 1.0 envelope" };
  }
  if (!isEventType(type)) return { kind: "unsupported", cause: "an event type that this build doesn't know" };
  if (typeof schemaversion !== "number" || !Number.isInteger(schemaversion) || schemaversion < 1) {
    return { kind: "poison", cause: `${type}: schemaversion is not a positive integer` };
  }
  if (schemaversion > EVENTS[type].version) {
    return { kind: "unsupported", cause: `${type}: version ${schemaversion} is newer than this build` };
  }
  return checkEvent(type, envelope);
}

function checkEvent(type: EventType, envelope: Record<string, unknown>): Decoded {
  const { full, frozen } = checks[type] as Checks;
  if (full.Check(envelope)) return { kind: "event", event: envelope as WaitlistEvent };
  const cause = `${type}: ${firstError(full, envelope)}`;
  if (!frozen.Check(envelope)) return { kind: "poison", cause };
  return { kind: "event", event: envelope as unknown as WaitlistEvent, unreadable: cause };
}

function firstError(check: TypeCheck<TSchema>, value: unknown): string {
  const error = check.Errors(value).First();
  return error ? `${error.path}: ${error.message}` : "does not fit its schema";
}

function parseObject(value: Uint8Array | null): Record<string, unknown> | null {
  if (!value) return null;
  try {
    const parsed: unknown = JSON.parse(
      Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString(),
    );
    return typeof parsed === "object" && parsed !== null && !Array.isArray(parsed)
      ? (parsed as Record<string, unknown>)
      : null;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}
