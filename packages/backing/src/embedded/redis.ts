import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import type { Launch, LaunchContext } from "../launch.ts";
import { LOOPBACK } from "../ports.ts";
import { redisAnswers } from "../probe.ts";

/**
 * A redis-server, the machine's own or the embedded one. Each command is appended to the file before its answer, so
 * a kill -9 loses nothing; `everysec` leaves only a power cut a second, and what Redis holds can be rebuilt.
 */
export async function planRedis(context: LaunchContext, command: string): Promise<Launch> {
  const port = await context.port("redis", 6379);
  const folder = join(context.home, "redis");
  await mkdir(folder, { recursive: true });
  const settings = {
    port: String(port),
    bind: LOOPBACK,
    dir: folder,
    appendonly: "yes",
    appendfsync: "everysec",
    save: "",
    daemonize: "no",
  };
  return {
    name: "redis",
    command,
    args: Object.entries(settings).flatMap(([key, value]) => [`--${key}`, value]),
    ports: [port],
    urls: { redis: `redis://${LOOPBACK}:${port}` },
    ready: () => redisAnswers(port),
  };
}
