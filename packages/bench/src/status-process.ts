// A gateway for status reads whose places are the variant's: in Redis, or in memory.
import { openRedis } from "@waitlist/gateway/adapters/redis";
import { createAppliedWaits } from "@waitlist/gateway/applied-waits";
import { createPlaces } from "@waitlist/gateway/places";
import type { ReadModel } from "@waitlist/gateway/ports";
import { log, registry, runBenchGateway, unused } from "./gateway.ts";
import { PARTITIONS, storedPeople } from "./people.ts";

export const VARIANTS = ["redis", "memory"] as const;
export type Variant = (typeof VARIANTS)[number];

const people = Number(process.env.PEOPLE);

const models: Record<Variant, () => ReadModel> = {
  redis: () => {
    const waits = createAppliedWaits();
    return openRedis(process.env.REDIS_URL ?? "", { partitions: PARTITIONS, waits, log }).readModel;
  },
  memory: () => {
    const entries = new Map(storedPeople(people).map((entry) => [entry.entryId, entry]));
    return { read: async (_list, entryId) => ({ entry: entries.get(entryId) ?? null, next: people }) };
  },
};

const readModel = models[process.env.VARIANT as Variant]();
// Storage isn't there to fall back to: a read that Redis doesn't answer fails the benchmark.
const places = createPlaces({
  readModel,
  storage: { entry: unused, held: unused, places: unused },
  registry,
  log,
});
await runBenchGateway({ places }, { revealPosition: "on-signup" });
