export * from "./appender/index.ts";
export type { KafkaOptions, Log } from "./client.ts";
export * from "./errors.ts";
export * from "./history/index.ts";
export * from "./lag.ts";
export * from "./topics.ts";
