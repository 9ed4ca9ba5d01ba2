export * from "./errors.ts";
export { freePort, releasePorts } from "./ports.ts";
export { type SuperviseOptions, supervise } from "./process/supervise.ts";
export { startBacking } from "./start-backing.ts";
export * from "./types.ts";
