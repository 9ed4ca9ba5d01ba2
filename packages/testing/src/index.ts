export * from "./eventually.ts";
export * from "./names.ts";
