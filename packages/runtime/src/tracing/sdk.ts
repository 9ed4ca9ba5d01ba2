// OpenTelemetry's SDK: the only file that knows how spans are kept and sent. Loaded where traces are on.
import { context, type DiagLogger, DiagLogLevel, diag, propagation, trace } from "@opentelemetry/api";
import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks";
import { W3CTraceContextPropagator } from "@opentelemetry/core";
import { OTLPTraceExporter } from "@opentelemetry/exporter-trace-otlp-http";
import { resourceFromAttributes } from "@opentelemetry/resources";
import { BatchSpanProcessor, TracerProvider } from "@opentelemetry/sdk-trace";
import type { Logger } from "../logger.ts";
import { useTracer } from "./spans.ts";

/** More spans than that wait for the collector in no service: further ones are dropped. Some 10 MB. */
const MAX_WAITING = 8192;
const BATCH = 1024;
const DELAY_MS = 1000;
/** Within the lifecycle's 8 s. */
const SEND_WITHIN_MS = 3000;
/** Far above what is set here; a bound all the same. */
const LIMITS = { attributeValueLengthLimit: 256, attributeCountLimit: 32, linkCountLimit: 1 };

export interface Tracing {
  /** Sends what waits, and makes no more spans. */
  close(): Promise<void>;
}

/** `endpoint` without `/v1/traces`, as the OTLP specification has it for `OTEL_EXPORTER_OTLP_ENDPOINT`. */
export function openTracing(service: string, endpoint: string, log: Logger): Tracing {
  diag.setLogger(quiet(log), { logLevel: DiagLogLevel.WARN, suppressOverrideMessage: true });
  const exporter = new OTLPTraceExporter({
    url: `${endpoint.replace(/\/+$/, "")}/v1/traces`,
    timeoutMillis: SEND_WITHIN_MS,
  });
  const processor = new BatchSpanProcessor({
    exporter,
    maxQueueSize: MAX_WAITING,
    maxExportBatchSize: BATCH,
    scheduledDelayMillis: DELAY_MS,
    exportTimeoutMillis: SEND_WITHIN_MS,
  });
  const provider = new TracerProvider({
    resource: resourceFromAttributes({ "service.name": `waitlist-${service}` }),
    spanLimits: LIMITS,
    spanProcessors: [processor],
  });
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  propagation.setGlobalPropagator(new W3CTraceContextPropagator());
  trace.setGlobalTracerProvider(provider);
  useTracer(provider.getTracer("waitlist"));
  return {
    close: async () => {
      useTracer(undefined);
      await provider.shutdown().catch((err: unknown) => {
        log.debug({ err }, "the last spans could not be sent");
      });
      trace.disable();
      propagation.disable();
      context.disable();
      diag.disable();
    },
  };
}

/** The SDK's complaints hold the collector's answers, which are not ours to print. One is enough until the next start. */
function quiet(log: Logger): DiagLogger {
  let said = false;
  const once = () => {
    if (!said) log.warn("the trace collector does not take spans; some are lost");
    said = true;
  };
  const nothing = () => undefined;
  return { error: once, warn: once, info: nothing, debug: nothing, verbose: nothing };
}
