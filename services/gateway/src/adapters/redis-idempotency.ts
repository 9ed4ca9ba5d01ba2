import type { RedisConnection } from "@waitlist/redis";
import type { IdempotencyStore, KeptRequest } from "../ports.ts";

/** Results are kept for a day, in seconds, as the API promises. */
const KEEP_S = 24 * 60 * 60;
/** A claim outlives any answer, in seconds, and frees the key soon after a process died over it. */
const CLAIM_S = 30;

const keyOf = (key: string) => `waitlist:idempotency:${key}`;

/** Frees the key only if the claim is still the one given: it may have run out and be another's by now. */
const RELEASE = `if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end return 0`;

export function createRedisIdempotency({ client }: RedisConnection): IdempotencyStore {
  return {
    claim: async (key, request) => {
      const claimed = await client.set(keyOf(key), claimOf(request), "EX", CLAIM_S, "NX");
      if (claimed === "OK") return null;
      const kept = await client.get(keyOf(key));
      // Gone between the two commands: the first request has failed just now, or its claim ran out.
      return kept === null ? { request } : (JSON.parse(kept) as KeptRequest);
    },
    keep: async (key, kept) => {
      await client.set(keyOf(key), JSON.stringify(kept), "EX", KEEP_S);
    },
    release: async (key, request) => {
      await client.eval(RELEASE, 1, keyOf(key), claimOf(request));
    },
  };
}

const claimOf = (request: string) => JSON.stringify({ request } satisfies KeptRequest);
