// What an earlier run left behind (its guards were killed, too) would hold the locks of Kafka's and H2's files.
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { identify, isAlive, type ProcessIdentity } from "./identity.ts";
import { until } from "./until.ts";

const ORDERLY_MS = 3000;

/** Remembers a child for the next run. */
export async function writePidFile(path: string, pid: number): Promise<void> {
  const identity = await identify(pid);
  if (identity === null) return;
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, JSON.stringify(identity));
}

/** Ends the process that the file names, if it is still that very one. Answers whether there was one. */
export async function endStale(path: string): Promise<boolean> {
  const identity = await readPidFile(path);
  if (identity === null || !(await isAlive(identity))) return false;
  process.kill(identity.pid, "SIGTERM");
  const gone = async () => !(await isAlive(identity));
  if (!(await until(gone, ORDERLY_MS)) && (await isAlive(identity))) {
    process.kill(identity.pid, "SIGKILL");
    await until(gone, ORDERLY_MS);
  }
  return true;
}

export async function readPidFile(path: string): Promise<ProcessIdentity | null> {
  const content = await readFile(path, "utf8").catch(() => null);
  if (content === null) return null;
  try {
    return JSON.parse(content) as ProcessIdentity;
  } catch {
    return null; // Cut off by a crash: its process can't be told, the locks will.
  }
}

export const removePidFile = (path: string): Promise<void> => rm(path, { force: true });
