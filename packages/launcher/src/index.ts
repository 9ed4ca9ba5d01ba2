export * from "./api.ts";
export * from "./endpoints.ts";
export * from "./examples.ts";
export * from "./services.ts";
export { LagConfig, LauncherConfig } from "./settings.ts";
export * from "./system.ts";
