import { readFileSync } from "node:fs";
import type { Static, TObject } from "@sinclair/typebox";
import { Value } from "@sinclair/typebox/value";

/** The environment doesn't fit a service's schema. The message names settings, never their values. */
export class ConfigError extends Error {
  override name = "ConfigError";
}

/**
 * Reads a service's settings: for each name of `schema` the variable, or the content of the file that
 * `<NAME>_FILE` names (for secrets that an orchestrator mounts). Text is converted to the schema's type and
 * defaults are filled in. Throws `ConfigError`.
 */
export function readConfig<T extends TObject>(schema: T, env: NodeJS.ProcessEnv): Static<T> {
  const given: Record<string, unknown> = {};
  for (const name of Object.keys(schema.properties)) {
    const value = readSetting(name, env);
    if (value !== undefined && value !== "") given[name] = value;
  }
  const config = Value.Default(schema, Value.Convert(schema, given));
  if (Value.Check(schema, config)) return config;
  const problems = [...Value.Errors(schema, config)].map(
    ({ path, message }) => `${path.slice(1)}: ${message}`,
  );
  throw new ConfigError(`Settings are missing or wrong. ${[...new Set(problems)].join("; ")}.`);
}

function readSetting(name: string, env: NodeJS.ProcessEnv): string | undefined {
  const file = env[`${name}_FILE`];
  if (!file || env[name] !== undefined) return env[name];
  try {
    return readFileSync(file, "utf8").trim();
  } catch (cause) {
    throw new ConfigError(`${name}_FILE names a file that can't be read.`, { cause });
  }
}
