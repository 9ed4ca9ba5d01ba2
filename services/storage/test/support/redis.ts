import { readModelCursorKey, readModelKeys } from "@waitlist/contracts";
import { connectRedis, type RedisConnection } from "@waitlist/redis";
import { createLogger } from "@waitlist/runtime";
import type { ListModel } from "./entries.ts";

export const silent = createLogger("storage", "silent");
type Client = RedisConnection["client"];

/** A numbered database of a server: cursors are named by partition alone. */
export const databaseOf = (url: string, number: number): string => new URL(`/${number}`, url).href;

/** Resolves once connected. */
export function connected(url: string): Promise<RedisConnection> {
  const connection = connectRedis(url, { log: silent });
  return new Promise((resolve) => connection.onReady(() => resolve(connection)));
}

/** What Redis holds of a list; counts of nothing are left out. */
export async function readList(client: Client, waitlistId: string): Promise<ListModel> {
  const keys = readModelKeys(waitlistId);
  const prefix = keys.entry("");
  const entries: Record<string, string[]> = {};
  for (const key of await client.keys(`${prefix.replace(/[{}]/g, "?")}*`)) {
    const fields = await client.hmget(key, "lastOffset", "status", "position");
    entries[key.slice(prefix.length)] = fields.map(String);
  }
  return {
    entries,
    queue: await client.zrange(keys.queue, "0", "-1"),
    counts: tally(await client.hgetall(keys.counts)),
    referrals: tally(await client.hgetall(keys.referrals)),
  };
}

const tally = (counts: Record<string, string>): Record<string, number> =>
  Object.fromEntries(
    Object.entries(counts)
      .map(([name, count]) => [name, Number(count)] as const)
      .filter(([, count]) => count !== 0),
  );

export const cursorOf = (client: Client, partition: number): Promise<string | null> =>
  client.get(readModelCursorKey(partition));

/** All of a database as it is now; what is returned brings it back, and nothing that was written since. */
export async function snapshot(client: Client): Promise<() => Promise<void>> {
  const dumps: [string, Buffer][] = [];
  for (const key of await client.keys("*")) {
    dumps.push([key, await client.dumpBuffer(key)]);
  }
  return async () => {
    const all = client.multi().flushdb();
    for (const [key, dump] of dumps) all.restore(key, 0, dump);
    await all.exec();
  };
}
