// A setting's schema in words, for those who have to set it: in errors, and in the table of all settings.
import type { TSchema } from "@sinclair/typebox";

/** What a setting's schema says beside its type. */
export interface SettingNotes {
  description?: string;
  /** Of a number, as people write it: `ms`, `mails/s`. */
  unit?: string;
  /** Belongs into a file that only the service reads, and into no log. */
  secret?: boolean;
}

/** The values that a setting may have: "a whole number from 1 to 100", "one of smtp, ses". */
export function wanted(setting: TSchema): string {
  const { anyOf, type, pattern, minLength, like } = setting as TSchema & {
    anyOf?: { const: unknown }[];
    pattern?: string;
    minLength?: number;
    like?: string;
  };
  if (anyOf) return `one of ${anyOf.map((each) => String(each.const)).join(", ")}`;
  if (type === "integer") return `a whole number${range(setting)}`;
  if (type === "number") return `a number${range(setting)}`;
  if (like !== undefined) return like;
  if (pattern !== undefined) return `text that matches ${pattern}`;
  return minLength === undefined ? "text" : `text of at least ${minLength} characters`;
}

function range({ minimum, maximum, unit }: TSchema): string {
  const of = unit === undefined ? "" : ` ${unit}`;
  if (minimum === undefined && maximum === undefined) return of;
  return ` from ${minimum} to ${maximum}${of}`;
}
