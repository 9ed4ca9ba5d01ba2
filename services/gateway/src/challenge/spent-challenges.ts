import { LRUCache } from "lru-cache";

/** A challenge by its key (in hex), and when it expires (milliseconds since 1970): nobody takes it after that. */
export interface SpentChallenge {
  key: string;
  expiresAt: number;
}

/** Which challenges were used. */
export interface SpentChallenges {
  /** False where it was used before; remembered until it has expired. */
  spend(challenge: SpentChallenge): Promise<boolean>;
  /** What it was used for failed: it may be used again. */
  giveBack(challenge: SpentChallenge): Promise<void>;
}

/** Challenges that are remembered; beyond that the one used longest ago is forgotten. */
const MAX_SPENT = 50_000;

/** Remembers in this process's memory: what holds while Redis is away. */
export function createLocalSpentChallenges(max = MAX_SPENT): SpentChallenges {
  const spent = new LRUCache<string, true>({ max });
  return {
    spend: async ({ key }) => {
      if (spent.has(key)) return false;
      spent.set(key, true);
      return true;
    },
    giveBack: async ({ key }) => {
      spent.delete(key);
    },
  };
}
