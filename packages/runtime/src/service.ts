import type { Static, TObject } from "@sinclair/typebox";
import { ConfigError, readConfig } from "./config.ts";
import { createLifecycle, type Lifecycle } from "./lifecycle.ts";
import { createLogger, type Logger } from "./logger.ts";
import { createRegistry, type Registry } from "./metrics.ts";

export interface ServiceContext<T extends TObject> {
  config: Static<T>;
  log: Logger;
  registry: Registry;
  lifecycle: Lifecycle;
}

/**
 * Starts a service: reads its settings, runs `start`, and ends it in order at a signal. What makes a start
 * impossible is one line in the log and exit code 1.
 */
export async function runService<T extends TObject>(
  name: string,
  schema: T & { properties: { LOG_LEVEL: unknown } },
  start: (context: ServiceContext<T>) => Promise<void>,
): Promise<void> {
  const registry = createRegistry(name);
  let log = createLogger(name, "info");
  try {
    const config = readConfig<T>(schema, process.env);
    log = createLogger(name, String((config as { LOG_LEVEL: string }).LOG_LEVEL));
    await start({ config, log, registry, lifecycle: createLifecycle(log) });
  } catch (err) {
    const why = err instanceof Error ? err.message : "could not start";
    if (err instanceof ConfigError) log.fatal(why);
    else log.fatal({ err }, why);
    process.exit(1);
  }
}
