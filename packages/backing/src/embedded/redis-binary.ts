import { existsSync } from "node:fs";
import { chmod, readdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { MissingPrerequisite } from "../errors.ts";
import type { Java } from "./java.ts";

/** The name of Redis's binary in the jar of embedded-redis, by platform and processor as Node names them. */
const IN_JAR: Record<string, string> = {
  "linux-x64": "redis-server-6.2.6-v5-linux-amd64",
  "linux-arm64": "redis-server-6.2.7-linux-arm64",
  "linux-ia32": "redis-server-6.2.7-linux-386",
  "darwin-x64": "redis-server-6.2.6-v5-darwin-amd64",
  "darwin-arm64": "redis-server-6.2.6-v5-darwin-arm64",
};

const binaryIn = (folder: string) => join(folder, "redis-server");

/** Takes this platform's binary out of the jar, which is not needed any more then. */
export async function unpackRedis(folder: string, java: Java, env: NodeJS.ProcessEnv): Promise<void> {
  const jar = (await readdir(join(folder, "jars"))).find((file) => file.startsWith("embedded-redis"));
  if (jar === undefined) return;
  const name = IN_JAR[`${process.platform}-${process.arch}`];
  if (name !== undefined) {
    const options = { env, extendEnv: false, cwd: folder };
    await execa(java.tool("jar"), ["xf", join(folder, "jars", jar), name], options);
    await chmod(join(folder, name), 0o755);
    await rename(join(folder, name), binaryIn(folder));
  }
  await rm(join(folder, "jars", jar));
}

/** @throws MissingPrerequisite where the jar has none for this platform */
export function embeddedRedis(folder: string): string {
  if (existsSync(binaryIn(folder))) return binaryIn(folder);
  throw new MissingPrerequisite(
    "There is no embedded Redis for this platform: install redis-server, or set REDIS_URL.",
  );
}
