// Everything that the gateway has of Redis, over two connections: one for commands, one that listens.

import { connectRedis } from "@waitlist/redis";
import type { Logger, Registry } from "@waitlist/runtime";
import type { AppliedWaits } from "../applied-waits.ts";
import type { SpentChallenges } from "../challenge/spent-challenges.ts";
import type { SharedCounter } from "../limits/limits.ts";
import type { RateLimits } from "../limits/settings.ts";
import type { Announcements, IdempotencyStore, ReadModel } from "../ports.ts";
import { createOutageWatch } from "./outage-watch.ts";
import { followAnnouncements } from "./redis-announcements.ts";
import { createRedisCounter } from "./redis-counter.ts";
import { createRedisIdempotency } from "./redis-idempotency.ts";
import { createRedisReadModel } from "./redis-read-model.ts";
import { createRedisSpentChallenges } from "./redis-spent-challenges.ts";

export interface RedisSide {
  readModel: ReadModel;
  announcements: Announcements;
  idempotency: IdempotencyStore;
  counter(limits: RateLimits): SharedCounter;
  spentChallenges: SpentChallenges;
  probe(): Promise<unknown>;
  close(): Promise<void>;
}

/** Reads have storage to fall back to: they don't wait long. */
const COMMAND_TIMEOUT_MS = 500;

/** Connects in the background; while Redis is away, what needs it fails at once. */
export function openRedis(
  url: string,
  options: { partitions: number; waits: AppliedWaits; log: Logger; registry?: Registry },
): RedisSide {
  const { partitions, waits, log, registry } = options;
  const connect = () =>
    connectRedis(url, { log, commandTimeoutMs: COMMAND_TIMEOUT_MS, ...(registry ? { registry } : {}) });
  const redis = connect();
  const subscription = connect();
  const watch = createOutageWatch({
    ping: () => redis.client.ping(),
    onChange: (here, err) => {
      if (here) log.info("limits are shared with other gateways again");
      else log.warn({ err }, "Redis is out of reach: this process limits by what it knows itself");
    },
  });
  return {
    readModel: createRedisReadModel(redis, partitions),
    announcements: followAnnouncements({ redis, subscription }, waits, partitions, log),
    idempotency: createRedisIdempotency(redis),
    counter: (limits) => createRedisCounter(redis, watch, limits),
    spentChallenges: createRedisSpentChallenges(redis, watch),
    probe: () => redis.client.ping(),
    close: async () => {
      await Promise.all([subscription.close(), redis.close()]);
    },
  };
}
