export * from "./expressions.ts";
export * from "./metric-names.ts";
