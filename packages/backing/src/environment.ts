import { readFile } from "node:fs/promises";
import type { BackingName, BackingUrls } from "./types.ts";

/** The variable that names a service of the operator's own. */
export const VARIABLES: Record<BackingName, { variable: string; url: keyof BackingUrls }> = {
  kafka: { variable: "KAFKA_BROKERS", url: "kafka" },
  mongodb: { variable: "MONGODB_URL", url: "mongodb" },
  redis: { variable: "REDIS_URL", url: "redis" },
  mailbox: { variable: "SMTP_URL", url: "smtp" },
};

/** What the variable says, or the file that `<variable>_FILE` names (how containers get secrets), or null. */
export async function urlFromEnvironment(name: BackingName, env: NodeJS.ProcessEnv): Promise<string | null> {
  const { variable } = VARIABLES[name];
  const file = env[`${variable}_FILE`];
  return env[variable] || (file ? (await readFile(file, "utf8")).trim() : null);
}
