// The timer beside the handler of the log: it only proposes, and ends with the service.
import type { Follower } from "@waitlist/roster";
import { every, type Lifecycle, type Logger } from "@waitlist/runtime";
import { createProposals } from "../adapters/kafka-proposals.ts";
import type { Undeliverables } from "../ports.ts";
import { createProposeUndeliverable, type Hint } from "./propose-undeliverable.ts";

/** How often a hint is looked for, in milliseconds. */
const LOOK_MS = 1000;

export function startTimers(deps: {
  ledger: Undeliverables;
  follower: Pick<Follower, "appender" | "eventsTopic">;
  partitions: number;
  hint: Hint;
  clock: () => number;
  log: Logger;
  lifecycle: Pick<Lifecycle, "onClose">;
}): void {
  const { ledger, follower, partitions, hint, clock, log, lifecycle } = deps;
  const proposals = createProposals(follower.appender, { topic: follower.eventsTopic, partitions });
  const propose = createProposeUndeliverable({ ledger, proposals, hint, clock });
  const timer = every(LOOK_MS, propose, { what: "telling the log of undeliverable addresses", log });
  lifecycle.onClose("the timer of proposals", timer.stop);
}
