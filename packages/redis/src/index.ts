import type { Logger, Registry } from "@waitlist/runtime";
import { Redis } from "ioredis";
import { countErrors } from "./errors.ts";

export interface RedisConnection {
  client: Redis;
  /** The run of the server that we are connected to, or null while we aren't: it changes at each restart. */
  runId(): string | null;
  /** Called after each (re)connection, once the run id is known. */
  onReady(listener: () => void): void;
  close(): Promise<void>;
}

export interface RedisOptions {
  log: Pick<Logger, "debug" | "info" | "warn">;
  /** How long a command may take, in milliseconds. */
  commandTimeoutMs?: number;
  /** For the failures; not counted without it. */
  registry?: Registry;
}

const CONNECT_TIMEOUT_MS = 2000;
const COMMAND_TIMEOUT_MS = 2000;
/** A server that leaves a command without any answer for so long hangs: the connection is given up and made anew. */
const SILENT_MS = 2000;
const RECONNECT_WITHIN_MS = 1000;

/**
 * A connection that fails at once while Redis is away, and goes on trying to get it back. Commands are never sent
 * again by themselves after a reconnection: the server could be another run by then, emptied or older. A command that
 * timed out, or whose connection was lost, may still be carried out, even after later ones of the next connection.
 */
export function connectRedis(url: string, options: RedisOptions): RedisConnection {
  const { log, commandTimeoutMs, registry } = options;
  const client = new Redis(url, {
    enableOfflineQueue: false,
    autoResendUnfulfilledCommands: false,
    maxRetriesPerRequest: 0,
    commandTimeout: commandTimeoutMs ?? COMMAND_TIMEOUT_MS,
    // Without it, each command to a server that hangs would wait out its own time limit, and no reconnection would tell
    // anybody that it is back.
    socketTimeout: Math.max(SILENT_MS, commandTimeoutMs ?? 0),
    connectTimeout: CONNECT_TIMEOUT_MS,
    retryStrategy: (times) => Math.min(times * 100, RECONNECT_WITHIN_MS),
  });
  if (registry) countErrors(client, registry);
  const listeners: (() => void)[] = [];
  let runId: string | null = null;
  client.on("error", (err: unknown) => log.debug({ err }, "Redis connection failed"));
  client.on("close", () => {
    if (runId) log.warn("Redis is away");
    runId = null;
  });
  client.on("ready", () => {
    client.info("server").then(
      (info) => {
        runId = /^run_id:(\S+)/m.exec(info)?.[1] ?? null;
        log.info("Redis is connected");
        for (const listener of listeners) listener();
      },
      // Without a run id nothing is written or believed; the reconnection asks again.
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
    close: async () => client.disconnect(),
  };
}
