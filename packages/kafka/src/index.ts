export * from "./appender/index.ts";
export type { KafkaOptions, Log } from "./client.ts";
export * from "./errors.ts";
export * from "./history/index.ts";
export * from "./inspect.ts";
export * from "./lag.ts";
export * from "./log-reader.ts";
export * from "./redriven.ts";
export * from "./topics.ts";
