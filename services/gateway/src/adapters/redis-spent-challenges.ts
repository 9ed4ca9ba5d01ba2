import type { RedisConnection } from "@waitlist/redis";
import DataLoader from "dataloader";
import {
  createLocalSpentChallenges,
  type SpentChallenge,
  type SpentChallenges,
} from "../challenge/spent-challenges.ts";
import type { OutageWatch } from "./outage-watch.ts";

const MAX_BATCH = 1000;
const MINUTE_MS = 60_000;
const MINUTE_S = 60;

/** Those that expire in the same minute are one set: a key for each would cost Redis several times as much. */
const minuteOf = ({ expiresAt }: SpentChallenge): number => Math.floor(expiresAt / MINUTE_MS);
/** The set that a challenge is in once it was used. */
export const spentKey = (challenge: SpentChallenge): string => `waitlist:challenges:${minuteOf(challenge)}`;

/** A set lives a minute longer than its challenges, by whoever's clock. */
const secondsLeft = (challenge: SpentChallenge, now: number): number =>
  Math.ceil(((minuteOf(challenge) + 1) * MINUTE_MS - now) / 1000) + MINUTE_S;

/** How much of a key is remembered, in characters: 96 bits tell any two challenges apart. */
const KEY_LENGTH = 24;
const shortened = ({ key }: SpentChallenge): string => key.slice(-KEY_LENGTH);

/**
 * KEYS: a set; ARGV: the seconds that it lives from now, and keys of challenges, all in one string, since to take apart many
 * arguments costs more than all else. Returns which of them were in it: 1 or 0 for each. None may be there twice.
 */
const SPEND = `
local keys = {}
for at = 1, #ARGV[2], ${KEY_LENGTH} do
  keys[#keys + 1] = ARGV[2]:sub(at, at + ${KEY_LENGTH - 1})
end
local known = redis.call('SMISMEMBER', KEYS[1], unpack(keys))
redis.call('SADD', KEYS[1], unpack(keys))
redis.call('EXPIRE', KEYS[1], ARGV[1])
return known
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
  client.defineCommand("spendChallenges", { numberOfKeys: 1, lua: SPEND });
  const scripted = client as unknown as Record<
    "spendChallenges",
    (set: string, seconds: number, keys: string) => Promise<number[]>
  >;

  const spendOfMinute = async (challenges: SpentChallenge[]): Promise<[SpentChallenge, boolean][]> => {
    const [first] = challenges;
    if (!first) return [];
    const keys = challenges.map(shortened).join("");
    const known = await scripted.spendChallenges(spentKey(first), secondsLeft(first, Date.now()), keys);
    return challenges.map((challenge, index) => [challenge, known[index] === 0]);
  };

  const loader = new DataLoader<SpentChallenge, boolean>(
    async (challenges) => {
      const minutes = [...Map.groupBy(challenges, minuteOf).values()];
      const fresh = new Map((await Promise.all(minutes.map(spendOfMinute))).flat());
      return challenges.map((challenge) => fresh.get(challenge) ?? false);
    },
    { cache: false, maxBatchSize: MAX_BATCH, batchScheduleFn: (dispatch) => void setImmediate(dispatch) },
  );

  return {
    spend: async (challenge) => {
      // From here on no other request of this process gets as far with the same challenge: none is asked about twice at once.
      if (!(await local.spend(challenge))) return false;
      if (!watch.here()) return true;
      try {
        const ours = await loader.load(challenge);
        // Another gateway's to give back: Redis is asked the next time, too.
        if (!ours) await local.giveBack(challenge);
        return ours;
      } catch (error) {
        watch.failed(error);
        return true;
      }
    },
    giveBack: async (challenge) => {
      await local.giveBack(challenge);
      if (!watch.here()) return;
      try {
        await client.srem(spentKey(challenge), shortened(challenge));
      } catch (error) {
        watch.failed(error);
      }
    },
  };
}
