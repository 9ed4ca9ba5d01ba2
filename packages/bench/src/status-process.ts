// A gateway for status reads and streams whose places are the variant's: in Redis, or in memory.
import { openRedis } from "@waitlist/gateway/adapters/redis";
import type { GatewayDeps } from "@waitlist/gateway/app";
import { createAppliedWaits } from "@waitlist/gateway/applied-waits";
import { createPlaces } from "@waitlist/gateway/places";
import type { ReadModel } from "@waitlist/gateway/ports";
import { log, registry, runBenchGateway, unused } from "./gateway.ts";
import { PARTITIONS, storedPeople } from "./people.ts";

export const VARIANTS = ["redis", "memory"] as const;
export type Variant = (typeof VARIANTS)[number];

const people = Number(process.env.PEOPLE);

// Storage isn't there to fall back to: a read that Redis doesn't answer fails the benchmark.
const placesIn = (readModel: ReadModel) =>
  createPlaces({ readModel, storage: { entry: unused, held: unused, places: unused }, registry, log });

const parts: Record<Variant, () => Pick<GatewayDeps, "places"> & Partial<GatewayDeps>> = {
  redis: () => {
    const waits = createAppliedWaits();
    const redis = openRedis(process.env.REDIS_URL ?? "", { partitions: PARTITIONS, waits, log });
    return { places: placesIn(redis.readModel), announcements: redis.announcements };
  },
  memory: () => {
    const entries = new Map(storedPeople(people).map((entry) => [entry.entryId, entry]));
    return {
      places: placesIn({
        read: async (_list, entryId) => ({ entry: entries.get(entryId) ?? null, next: people }),
      }),
    };
  },
};

await runBenchGateway(parts[process.env.VARIANT as Variant](), { revealPosition: "on-signup" });
