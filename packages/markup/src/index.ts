export * from "./contrast.ts";
export * from "./html.ts";
