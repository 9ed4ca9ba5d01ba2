// An instance of the service as main.ts puts it together, timer included, with a clock that the test moves.
import type { Appender } from "@waitlist/kafka";
import { createFollower } from "@waitlist/roster";
import { createRegistry, every, type Lifecycle } from "@waitlist/runtime";
import { createFacts, createProposals } from "../../src/adapters/kafka-facts.ts";
import { createMongoExpiredBatches } from "../../src/adapters/mongo-expired-batches.ts";
import { createExpiry } from "../../src/timers/expiry.ts";
import { handlerOver, openTestRoster, silent, storesOf } from "./roster.ts";

/** Short, so that nobody waits for the timer. */
const CHECK_MS = 20;

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
  const proposeExpiries = createExpiry({
    ...{ ...roster, ...follower, ...stores, clock, proposed: () => undefined },
    expired: await createMongoExpiredBatches(roster.db),
    proposals: createProposals(follower.appender, follower.eventsTopic),
    partitions: roster.installation.partitions,
  });
  follower.start();
  const expiry = every(CHECK_MS, proposeExpiries, { what: "the expiry of invites", log: silent });
  closing.onClose("the expiry timer", expiry.stop);
  return { ...follower, ...stores, roster };
}
