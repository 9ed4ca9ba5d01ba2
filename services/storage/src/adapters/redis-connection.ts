import type { Logger } from "@waitlist/runtime";
import { Redis } from "ioredis";

export interface RedisConnection {
  client: Redis;
  /** The run of the server that we are connected to, or null while we aren't: it changes at each restart. */
  runId(): string | null;
  /** Called after each (re)connection, once the run id is known. */
  onReady(listener: () => void): void;
  close(): Promise<void>;
}

const COMMAND_TIMEOUT_MS = 5000;
const RECONNECT_WITHIN_MS = 1000;

/** A connection that fails at once while Redis is away: its outage pauses nothing. */
export function connectRedis(url: string, log: Logger): RedisConnection {
  const client = new Redis(url, {
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    commandTimeout: COMMAND_TIMEOUT_MS,
    retryStrategy: (times) => Math.min(times * 100, RECONNECT_WITHIN_MS),
  });
  const listeners: (() => void)[] = [];
  let runId: string | null = null;
  client.on("error", (err: unknown) => log.debug({ err }, "Redis connection failed"));
  client.on("close", () => {
    if (runId) log.warn("Redis is away; the read model will be caught up when it is back");
    runId = null;
  });
  client.on("ready", () => {
    client.info("server").then(
      (info) => {
        runId = /^run_id:(\S+)/m.exec(info)?.[1] ?? null;
        log.info("Redis is connected");
        for (const listener of listeners) listener();
      },
      // Without a run id nothing is written; the reconnection asks again.
      (err: unknown) => {
        log.warn({ err }, "Redis does not say which run it is");
        client.disconnect(true);
      },
    );
  });
  return {
    client,
    runId: () => runId,
    onReady: (listener) => {
      listeners.push(listener);
    },
    close: async () => {
      client.disconnect();
    },
  };
}
