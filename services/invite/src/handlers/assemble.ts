// The handler of the log with all that it needs, over the service's own database.
import type { WaitlistEvent } from "@waitlist/contracts";
import type { Appender, HistoryHandler } from "@waitlist/kafka";
import type { Roster } from "@waitlist/roster";
import type { Logger } from "@waitlist/runtime";
import { createFacts } from "../adapters/kafka-facts.ts";
import type { Batches, Codes, Queue, Schedules } from "../ports.ts";
import { createFindReclaims } from "./find-reclaims.ts";
import { createHistoryHandler } from "./history.ts";
import type { BatchMetrics } from "./metrics.ts";
import { createRunBatch } from "./run-batch.ts";
import { createScheduling } from "./scheduling.ts";
import { createWithdrawBatch } from "./withdraw-batch.ts";

export interface HandlerDeps extends Pick<Roster<null>, "definitions" | "projection" | "withdrawals"> {
  queue: Queue;
  batches: Batches;
  schedules: Schedules;
  codes: Codes;
  secret: string;
  metrics: BatchMetrics;
  log: Logger;
}

/** `appender` and `topic` are where the facts go. */
export function assembleHandler(
  deps: HandlerDeps,
  appender: Appender,
  topic: string,
): HistoryHandler<WaitlistEvent> {
  const outside = { ...deps, facts: createFacts(appender, topic) };
  return createHistoryHandler({
    ...outside,
    findReclaims: createFindReclaims(deps.definitions),
    runBatch: createRunBatch(outside),
    withdrawBatch: createWithdrawBatch(outside),
    scheduling: createScheduling(outside),
  });
}
