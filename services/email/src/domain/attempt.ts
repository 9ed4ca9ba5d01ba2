// What is kept of each attempt to send a mail: when, how it went and the server's codes, never its words.
import type { Delivery, Failure } from "./verdict.ts";

/** How many attempts of a mail are kept, the newest. */
export const KEPT_ATTEMPTS = 20;

/** `at` in milliseconds. */
export interface Attempt extends Partial<Failure> {
  at: number;
  outcome: "accepted" | "refused" | "unreached" | "unanswered" | "unwritable";
}

/** Null where there was none: the ledger held the mail back, or didn't answer, before a byte went out. */
export function attemptOf(delivery: Delivery, at: number): Attempt | null {
  switch (delivery.kind) {
    case "withheld":
    case "unrecorded":
      return null;
    case "accepted":
      return { at, outcome: "accepted" };
    default:
      return { at, outcome: delivery.kind, ...delivery.failure };
  }
}
