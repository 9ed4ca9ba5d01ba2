// An instance of the service as main.ts puts it together, timer included, with a clock that the test moves.
import type { Appender } from "@waitlist/kafka";
import { createFollower } from "@waitlist/roster";
import { createRegistry, type Lifecycle } from "@waitlist/runtime";
import { createFacts } from "../../src/adapters/kafka-facts.ts";
import { startTimers } from "../../src/timers/start.ts";
import { handlerOver, openTestRoster, silent, storesOf, TIMERS } from "./roster.ts";

export interface InstanceOptions {
  mongodb: string;
  database: string;
  brokers: string;
  topicPrefix: string;
  group: string;
  clock: () => number;
  closing: Pick<Lifecycle, "onClose">;
}

export async function startInstance(options: InstanceOptions) {
  const { brokers, topicPrefix, group, clock, closing } = options;
  const roster = await openTestRoster(options.mongodb, options.database);
  closing.onClose("MongoDB", roster.close);
  const stores = await storesOf(roster);
  const fail = (error: Error) => {
    throw error;
  };
  const follower = await createFollower({
    ...{ group, brokers, topicPrefix, roster, log: silent, registry: createRegistry("invite") },
    lifecycle: { ...closing, fail },
    handler: (appender: Appender, events: string) =>
      handlerOver(roster, { ...stores, facts: createFacts(appender, events) }),
  });
  follower.start();
  await startTimers({
    ...{ ...stores, roster, follower, clock, log: silent, registry: createRegistry("invite") },
    ...{ config: TIMERS, lifecycle: closing },
  });
  return { ...follower, ...stores, roster };
}
