export * from "./at-rest.ts";
export * from "./config.ts";
export * from "./every.ts";
export * from "./finding.ts";
export * from "./health.ts";
export * from "./http/app.ts";
export * from "./http/internal.ts";
export { HTTP_LIMITS } from "./http/limits.ts";
export type { PeerBound, PeerBounds } from "./http/peers.ts";
export * from "./http/problems.ts";
export * from "./lifecycle.ts";
export * from "./logger.ts";
export * from "./metrics.ts";
export * from "./retry.ts";
export * from "./service.ts";
export * from "./setting-words.ts";
export * from "./settings.ts";
export * from "./shared-metrics.ts";
export {
  activeTrace,
  type Carrier,
  inSpan,
  isTracing,
  type OpenSpan,
  openSpan,
  type SpanOptions,
  type TraceHeaders,
} from "./tracing/spans.ts";
export { startTracing } from "./tracing/start.ts";
