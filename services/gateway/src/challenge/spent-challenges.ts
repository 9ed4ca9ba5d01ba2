import { LRUCache } from "lru-cache";

/** Which challenges were used. */
export interface SpentChallenges {
  /** False where it was used before. It is remembered until it has expired, in so many milliseconds. */
  spend(id: string, expiresInMs: number): Promise<boolean>;
  /** What it was used for failed: it may be used again. */
  giveBack(id: string): Promise<void>;
}

/** Challenges that are remembered; beyond that the one used longest ago is forgotten. */
const MAX_SPENT = 50_000;

/** Remembers in this process's memory: what holds while Redis is away. */
export function createLocalSpentChallenges(max = MAX_SPENT): SpentChallenges {
  const spent = new LRUCache<string, true>({ max });
  return {
    spend: async (id, expiresInMs) => {
      if (spent.has(id)) return false;
      spent.set(id, true, { ttl: expiresInMs });
      return true;
    },
    giveBack: async (id) => {
      spent.delete(id);
    },
  };
}
