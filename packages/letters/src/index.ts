export * from "./check.ts";
export { LANGUAGES } from "./languages.ts";
export * from "./letters.ts";
export * from "./list.ts";
export * from "./sample.ts";
export * from "./subjects.ts";
export { VARIABLES } from "./variables.ts";
