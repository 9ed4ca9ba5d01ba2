import type { Lifecycle } from "../lifecycle.ts";
import type { Logger } from "../logger.ts";

/**
 * Turns traces on where an endpoint is given. Without one OpenTelemetry's SDK isn't even loaded. Spans that wait for the
 * collector when the service stops are sent then; a collector that is away costs them, and nothing else.
 */
export async function startTracing(
  service: string,
  endpoint: string | undefined,
  { log, lifecycle }: { log: Logger; lifecycle: Pick<Lifecycle, "onClose"> },
): Promise<void> {
  if (endpoint === undefined) return;
  const { openTracing } = await import("./sdk.ts");
  const tracing = openTracing(service, endpoint, log);
  lifecycle.onClose("traces", tracing.close);
  log.info("traces are on");
}
