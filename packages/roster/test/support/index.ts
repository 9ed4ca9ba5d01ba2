export * from "./history.ts";
export { createWithdrawals, testRules } from "./model.ts";
export type { Cursors, Database } from "./owner.ts";
export { assertSamePlaces, atOnce, inTurn, runAtOnce, runInTurn, type SignupOf } from "./property.ts";
