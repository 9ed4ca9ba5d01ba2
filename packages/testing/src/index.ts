export * from "./eventually.ts";
export * from "./fault-proxy.ts";
export * from "./names.ts";
export * from "./solve-challenge.ts";
export * from "./trace-collector.ts";
