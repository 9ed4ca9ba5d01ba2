// The script that reads places: Redis runs it whole, so that the cursor speaks of exactly the entries beside it.
import type { RedisConnection } from "@waitlist/redis";

/** The fields of an entry's hash that a status page needs, in the order of `PlaceReply`. */
const FIELDS = ["status", "position", "joinOffset", "joinedAt", "inviteCode", "inviteExpiresAt"] as const;

/**
 * Reads entries of one list. KEYS: the partition's cursor, queue, referrals, then one hash an entry. ARGV: for each entry
 * its id and its referral code. Returns JSON, because one text costs Node far less to take in than its many parts.
 * A place that is no longer in the queue is counted by its position. A hash that is no entry's is false.
 */
const READ_PLACES = `
local places = {}
for i = 4, #KEYS do
  local at = (i - 4) * 2
  local place = redis.call('HMGET', KEYS[i], ${FIELDS.map((field) => `'${field}'`).join(", ")})
  if tonumber(place[2]) then
    place[${FIELDS.length + 1}] = redis.call('ZRANK', KEYS[2], ARGV[at + 1])
      or redis.call('ZCOUNT', KEYS[2], '-inf', '(' .. place[2])
    place[${FIELDS.length + 2}] = tonumber(redis.call('HGET', KEYS[3], ARGV[at + 2]) or 0)
    places[i - 3] = place
  else
    places[i - 3] = false
  end
end
return cjson.encode({ redis.call('GET', KEYS[1]), places })
`;

type Text = string | false;
/** What a hash holds, all as text, then how many are ahead and how many came by the referral code. */
export type PlaceReply = [
  status: Text,
  position: Text,
  joinOffset: Text,
  joinedAt: Text,
  inviteCode: Text,
  inviteExpiresAt: Text,
  ahead: number,
  referrals: number,
];
/** The cursor as it is stored, and for each entry what is held of it. */
export type PlacesReply = [cursor: Text, places: (PlaceReply | false)[]];

export interface PlacesScript {
  /** `keys` and `values` as the script names them. Rejects where Redis is out of reach. */
  read(keys: string[], values: string[]): Promise<PlacesReply>;
}

/** The script goes to the server once a connection, and by its hash from then on. */
export function createPlacesScript({ client }: Pick<RedisConnection, "client">): PlacesScript {
  client.defineCommand("readPlaces", { lua: READ_PLACES });
  const scripted = client as unknown as Record<
    "readPlaces",
    (...args: (string | number)[]) => Promise<string>
  >;
  return {
    read: async (keys, values) =>
      JSON.parse(await scripted.readPlaces(keys.length, ...keys, ...values)) as PlacesReply,
  };
}
