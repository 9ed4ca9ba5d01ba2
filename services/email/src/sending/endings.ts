// How a mail ends, with what is known beyond its own fate.
import { undeliverableBy } from "../domain/undeliverable.ts";
import type { Verdict } from "../domain/verdict.ts";
import type { Settlement } from "../ports.ts";
import type { Assignment } from "./intake.ts";

export type Suppressed = Extract<Settlement, { state: "suppressed" }>;

/** With the reason, where an admin may overrule it. */
export function suppression(assignment: Assignment): Suppressed {
  const cause = "cause" in assignment ? assignment.cause : undefined;
  return { state: "suppressed", ...(cause ? { failure: { cause } } : {}) };
}

type End = Suppressed | Extract<Verdict, { state: "failed" | "ambiguous" }>;

/** With what a final refusal says of the address; `now` in milliseconds. */
export function withAddress(end: End, now: number): Settlement {
  if (end.state === "suppressed") return end;
  const { state, ...rest } = end;
  if (state === "ambiguous") return { state, ...rest };
  const undeliverable = undeliverableBy(rest.failure, now);
  return { state, ...rest, ...(undeliverable ? { undeliverable } : {}) };
}
