import { type TObject, type TSchema, Type } from "@sinclair/typebox";
import { Timestamp } from "../text.ts";

/** Event ids: a UUID or another opaque name, never empty. */
export const EventId = Type.String({ minLength: 1, maxLength: 64 });

/**
 * The CloudEvents 1.0 JSON envelope of one event type. `schemaversion` is our extension attribute (lower case, as
 * CloudEvents 1.0 section 3.1.1 asks): which version of `data` this is.
 */
export const envelopeOf = <T extends string, D extends TSchema>(type: T, version: number, data: D) =>
  Type.Object(
    {
      specversion: Type.Literal("1.0"),
      id: EventId,
      source: Type.String({ minLength: 1, maxLength: 200 }),
      type: Type.Literal(type),
      time: Timestamp,
      datacontenttype: Type.Optional(Type.Literal("application/json")),
      schemaversion: Type.Literal(version),
      data,
    },
    { $id: `${type}.v${version}`, title: type },
  );

/**
 * An event type: its newest version, the full schema, and the frozen part of its data. The frozen fields alone
 * decide what a record does to places and invites; a service that can read those and not the rest still counts.
 */
export interface EventDefinition<T extends string = string, D extends TSchema = TSchema> {
  type: T;
  version: number;
  schema: ReturnType<typeof envelopeOf<T, D>>;
  frozen: TObject;
}

export const defineEvent = <T extends string, D extends TObject>(
  type: T,
  version: number,
  data: D,
  frozenFields: (keyof D["properties"] & string)[],
) => ({
  type,
  version,
  schema: envelopeOf(type, version, data),
  frozen: envelopeOf(
    type,
    version,
    Type.Object(Object.fromEntries(frozenFields.map((name) => [name, data.properties[name] as TSchema]))),
  ),
});
