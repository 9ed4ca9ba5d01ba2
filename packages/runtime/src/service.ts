import type { Static, TObject } from "@sinclair/typebox";
import { ConfigError, readConfig, type Settings } from "./config.ts";
import { createLifecycle, type Lifecycle } from "./lifecycle.ts";
import { createLogger, type Logger } from "./logger.ts";
import { createRegistry, type Registry } from "./metrics.ts";
import { startTracing } from "./tracing/start.ts";

export interface ServiceContext<T extends TObject> {
  config: Static<T>;
  log: Logger;
  registry: Registry;
  lifecycle: Lifecycle;
}

/** What every service's settings have. */
type Common = { LOG_LEVEL: string; OTEL_EXPORTER_OTLP_ENDPOINT?: string };

/**
 * Starts a service: reads its settings, runs `start`, and ends it in order at a signal. What makes a start
 * impossible is one line in the log and exit code 1.
 */
export async function runService<T extends TObject>(
  name: string,
  {
    schema,
    rules,
  }: Settings<T & { properties: { LOG_LEVEL: unknown; OTEL_EXPORTER_OTLP_ENDPOINT: unknown } }>,
  start: (context: ServiceContext<T>) => Promise<void>,
): Promise<void> {
  const registry = createRegistry(name);
  let log = createLogger(name, "info");
  try {
    const config = readConfig<T>(schema, process.env, rules);
    const { LOG_LEVEL, OTEL_EXPORTER_OTLP_ENDPOINT } = config as Common;
    log = createLogger(name, LOG_LEVEL);
    const lifecycle = createLifecycle(log);
    // First, so that it ends last: what is done while the service stops is in the traces, too.
    await startTracing(name, OTEL_EXPORTER_OTLP_ENDPOINT, { log, lifecycle });
    await start({ config, log, registry, lifecycle });
  } catch (err) {
    const why = err instanceof Error ? err.message : "could not start";
    if (err instanceof ConfigError) log.fatal(why);
    else log.fatal({ err }, why);
    process.exit(1);
  }
}
