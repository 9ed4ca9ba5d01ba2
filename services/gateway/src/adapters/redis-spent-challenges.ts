import type { RedisConnection } from "@waitlist/redis";
import DataLoader from "dataloader";
import { createLocalSpentChallenges, type SpentChallenges } from "../challenge/spent-challenges.ts";
import type { OutageWatch } from "./outage-watch.ts";

interface Spending {
  id: string;
  expiresInMs: number;
}

const MAX_BATCH = 1000;
const keyOf = (id: string) => `waitlist:challenge:${id}`;

/**
 * Remembers in Redis, for all gateways together; all of a tick share one round trip. Each process remembers what it took
 * itself, too: that is what holds while Redis is away, and a repeat at the same gateway costs no round trip.
 */
export function createRedisSpentChallenges(
  { client }: Pick<RedisConnection, "client">,
  watch: OutageWatch,
): SpentChallenges {
  const local = createLocalSpentChallenges();
  const loader = new DataLoader<Spending, boolean>(
    async (spendings) => {
      const pipeline = client.pipeline();
      for (const { id, expiresInMs } of spendings) {
        pipeline.set(keyOf(id), "1", "PX", Math.ceil(expiresInMs), "NX");
      }
      return ((await pipeline.exec()) ?? []).map(([error, reply]) => error ?? reply === "OK");
    },
    { cache: false, maxBatchSize: MAX_BATCH, batchScheduleFn: (dispatch) => void setImmediate(dispatch) },
  );

  return {
    spend: async (id, expiresInMs) => {
      if (!(await local.spend(id, expiresInMs))) return false;
      if (!watch.here()) return true;
      try {
        const ours = await loader.load({ id, expiresInMs });
        // Another gateway's to give back: Redis is asked the next time, too.
        if (!ours) await local.giveBack(id);
        return ours;
      } catch (error) {
        watch.failed(error);
        return true;
      }
    },
    giveBack: async (id) => {
      await local.giveBack(id);
      if (!watch.here()) return;
      try {
        await client.del(keyOf(id));
      } catch (error) {
        watch.failed(error);
      }
    },
  };
}
