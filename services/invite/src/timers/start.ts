// The timers beside the handler of the log: they only propose, and end with the service.
import type { Follower, Roster } from "@waitlist/roster";
import { every, type Lifecycle, type Logger, type Registry } from "@waitlist/runtime";
import { createProposals } from "../adapters/kafka-facts.ts";
import { createMongoExpiredBatches } from "../adapters/mongo-expired-batches.ts";
import type { Config } from "../config.ts";
import type { Batches, Queue, Schedules } from "../ports.ts";
import { createExpiry } from "./expiry.ts";
import { countExpiries } from "./metrics.ts";
import { createProposeRuns } from "./propose-runs.ts";

export interface TimerDeps {
  roster: Pick<Roster<null>, "db" | "definitions">;
  follower: Follower;
  batches: Batches;
  queue: Queue;
  schedules: Schedules;
  config: Pick<Config, "EVENT_PARTITIONS" | "ENTRY_ID_SECRET" | "EXPIRY_CHECK_MS" | "SCHEDULE_INTERVAL_MS">;
  clock: () => number;
  log: Logger;
  registry: Registry;
  lifecycle: Pick<Lifecycle, "onClose">;
}

export async function startTimers(deps: TimerDeps): Promise<void> {
  const { roster, follower, config, clock, log, registry, lifecycle } = deps;
  const { EVENT_PARTITIONS: partitions, ENTRY_ID_SECRET: secret } = config;
  const proposals = createProposals(follower.appender, follower.eventsTopic);
  const shared = { ...deps, ...roster, position: follower.position, proposals, partitions };

  const expired = await createMongoExpiredBatches(roster.db);
  const proposeExpiries = createExpiry({ ...shared, expired, proposed: countExpiries(registry) });
  const expiry = every(config.EXPIRY_CHECK_MS, proposeExpiries, { what: "the expiry of invites", log });
  lifecycle.onClose("the expiry timer", expiry.stop);

  const proposeRuns = createProposeRuns({ ...shared, clock, secret });
  const runs = every(config.SCHEDULE_INTERVAL_MS, proposeRuns, { what: "the runs of schedules", log });
  lifecycle.onClose("the timer of schedules", runs.stop);
}
