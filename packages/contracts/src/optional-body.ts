import { type Static, type TSchema, Type } from "@sinclair/typebox";

/** A body that may be left out. */
export const optional = <T extends TSchema>(schema: T) =>
  Type.Unsafe<Static<T> | null>({ ...schema, type: ["object", "null"] });
