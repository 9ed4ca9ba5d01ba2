// Where a place is read: Redis, and storage wherever Redis doesn't know or can't be believed.
import type { StoredEntry } from "@waitlist/contracts";
import { Counter, type Logger, type Registry } from "@waitlist/runtime";
import type { ReadModel, Storage } from "./ports.ts";

export interface Places {
  /**
   * The place that an entry has, or null. `since` is the offset of the join that is asked about: with `entry` null,
   * `applied` says whether storage has surely seen it. Throws `ProblemError` `unavailable` when nobody can be asked.
   */
  find(waitlistId: string, entryId: string, since: number): Promise<FoundPlace>;
}

export type FoundPlace = { entry: StoredEntry } | { entry: null; applied: boolean };

interface Deps {
  readModel: ReadModel;
  storage: Pick<Storage, "entry">;
  registry: Registry;
  log: Logger;
}

export function createPlaces({ readModel, storage, registry, log }: Deps): Places {
  const reads = new Counter({
    name: "waitlist_gateway_place_reads_total",
    help: "Places read, by where they were found.",
    labelNames: ["source"] as const,
    registers: [registry],
  });
  const fromRedis = async (waitlistId: string, entryId: string) => {
    try {
      return await readModel.read(waitlistId, entryId);
    } catch (err) {
      log.debug({ err }, "the read model is out of reach; storage is asked");
      return null;
    }
  };
  return {
    find: async (waitlistId, entryId, since) => {
      const answer = await fromRedis(waitlistId, entryId);
      reads.inc({ source: answer?.entry ? "redis" : "storage" });
      const entry = answer?.entry ?? (await storage.entry(entryId));
      const applied = answer !== null && answer.next > since;
      // Who left and joined again has, until that is stored, only the place that was given up.
      const isFormer = entry?.status === "left" && entry.joinOffset < since && !applied;
      return entry && !isFormer ? { entry } : { entry: null, applied };
    },
  };
}
