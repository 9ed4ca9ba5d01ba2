import { execa } from "execa";

/** As old as the embedded one. */
const OLDEST = 6.2;

/** Whether the machine has a redis-server of its own. */
export async function hasRedisServer(env: NodeJS.ProcessEnv): Promise<boolean> {
  const { failed, stdout } = await execa("redis-server", ["--version"], {
    env,
    extendEnv: false,
    reject: false,
  });
  const version = Number.parseFloat(/v=(\d+\.\d+)/.exec(stdout ?? "")?.[1] ?? "0");
  return !failed && version >= OLDEST;
}
