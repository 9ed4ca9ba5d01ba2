import type { RedisConnection } from "@waitlist/redis";
import DataLoader from "dataloader";
import { createLocalSpentChallenges, type SpentChallenges } from "../challenge/spent-challenges.ts";
import type { OutageWatch } from "./outage-watch.ts";

interface Spending {
  id: string;
  expiresInMs: number;
}

const MAX_BATCH = 1000;
/** All on one node of a cluster, so that one script can take many. */
const keyOf = (id: string) => `waitlist:{challenge}:${id}`;

/** KEYS: challenges; ARGV: their milliseconds. Returns a digit for each: 1 where it was not used before. */
const SPEND = `
local fresh = {}
for i = 1, #KEYS do
  fresh[i] = redis.call('SET', KEYS[i], '1', 'PX', ARGV[i], 'NX') and '1' or '0'
end
return table.concat(fresh)
`;

/**
 * Remembers in Redis, for all gateways together; all of a tick share one round trip. Each process remembers what it took
 * itself, too: that is what holds while Redis is away, and a repeat at the same gateway costs no round trip.
 */
export function createRedisSpentChallenges(
  { client }: Pick<RedisConnection, "client">,
  watch: OutageWatch,
): SpentChallenges {
  const local = createLocalSpentChallenges();
  client.defineCommand("spendChallenges", { lua: SPEND });
  const scripted = client as unknown as Record<
    "spendChallenges",
    (...args: (string | number)[]) => Promise<string>
  >;
  const loader = new DataLoader<Spending, boolean>(
    async (spendings) => {
      const keys = spendings.map(({ id }) => keyOf(id));
      const lifetimes = spendings.map(({ expiresInMs }) => Math.ceil(expiresInMs));
      const fresh = await scripted.spendChallenges(keys.length, ...keys, ...lifetimes);
      return [...fresh].map((digit) => digit === "1");
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
