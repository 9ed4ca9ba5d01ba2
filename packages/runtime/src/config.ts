import { readFileSync } from "node:fs";
import type { Static, TObject } from "@sinclair/typebox";
import { Value } from "@sinclair/typebox/value";
import { wanted } from "./setting-words.ts";

/** The environment doesn't fit a service's schema. The message names settings, never their values. */
export class ConfigError extends Error {
  override name = "ConfigError";
}

/** What a schema can't say of some settings. `check` throws `ConfigError`, or an error of the kind `refusal`, where they are wrong. */
export interface Rule<C> {
  /** It is asked only where these fit the schema. */
  of: readonly (keyof C & string)[];
  check: (config: C) => unknown;
  /** A reader's own error, whose message repeats no value. */
  refusal?: new (
    message: string,
  ) => Error;
}

/** A process's settings: their schema, and what has to be true beside it. */
export interface Settings<T extends TObject> {
  schema: T;
  rules?: readonly Rule<Static<T>>[];
}

/**
 * Reads a service's settings: for each name of `schema` the variable, or the content of the file that
 * `<NAME>_FILE` names (for secrets that an orchestrator mounts). Text is converted to the schema's type and
 * defaults are filled in. Throws one `ConfigError` that names everything that is missing or wrong.
 */
export function readConfig<T extends TObject>(
  schema: T,
  env: NodeJS.ProcessEnv,
  rules: readonly Rule<Static<T>>[] = [],
): Static<T> {
  const problems = new Map<string, string>();
  const given: Record<string, unknown> = {};
  for (const name of Object.keys(schema.properties)) {
    try {
      const value = readSetting(name, env);
      if (value !== undefined && value !== "") given[name] = value;
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error;
      problems.set(name, error.message);
    }
  }
  const config = Value.Default(schema, Value.Convert(schema, given));
  for (const { path } of Value.Errors(schema, config)) {
    const name = path.slice(1);
    if (!problems.has(name)) problems.set(name, problemOf(name, schema, given));
  }
  const read = config as Static<T>;
  const refusals = rules
    .filter(({ of }) => of.every((name) => !problems.has(name)))
    .flatMap((rule) => refusalOf(rule, read));
  const all = [...problems.values(), ...refusals];
  if (all.length === 0) return read;
  throw new ConfigError(`Settings are missing or wrong. ${all.map(withoutEnd).join("; ")}.`);
}

const withoutEnd = (sentence: string) => sentence.replace(/[.]$/, "");

function problemOf(name: string, schema: TObject, given: Record<string, unknown>): string {
  const setting = schema.properties[name];
  if (given[name] === undefined) return `${name} is missing${setting ? ` (${wanted(setting)})` : ""}`;
  return `${name} must be ${setting ? wanted(setting) : "something else"}`;
}

function refusalOf<C>({ check, refusal = ConfigError }: Rule<C>, config: C): string[] {
  try {
    check(config);
    return [];
  } catch (error) {
    if (error instanceof ConfigError || error instanceof refusal) return [error.message];
    throw error;
  }
}

/** One setting's text, from itself or from the file that `<NAME>_FILE` names. Throws `ConfigError`. */
export function readSetting(name: string, env: NodeJS.ProcessEnv): string | undefined {
  const file = env[`${name}_FILE`];
  if (!file || env[name] !== undefined) return env[name];
  try {
    return readFileSync(file, "utf8").trim();
  } catch (cause) {
    throw new ConfigError(`${name}_FILE names a file that can't be read.`, { cause });
  }
}
