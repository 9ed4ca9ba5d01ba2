import { randomUUID } from "node:crypto";
import { link, mkdir, rm, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { identify, isAlive, type ProcessIdentity } from "./identity.ts";
import { readPidFile } from "./stale.ts";

/** Held until released or until its process ends. */
export type Lock = { held: true; release(): Promise<void> } | { held: false; holder: ProcessIdentity };

/** Takes the lock file unless a living process has it; one process takes it once. */
export async function takeLock(path: string): Promise<Lock> {
  await mkdir(dirname(path), { recursive: true });
  const mine = `${path}.${randomUUID()}`;
  await writeFile(mine, JSON.stringify(await identify(process.pid)));
  try {
    for (;;) {
      // A link appears with its content or not at all, and only one of several wins.
      if (await created(mine, path)) return { held: true, release: () => rm(path, { force: true }) };
      const holder = await readPidFile(path);
      if (holder && (await isAlive(holder))) return { held: false, holder };
      await rm(path, { force: true });
    }
  } finally {
    await rm(mine, { force: true });
  }
}

async function created(existing: string, path: string): Promise<boolean> {
  return link(existing, path).then(
    () => true,
    (error: NodeJS.ErrnoException) => {
      if (error.code === "EEXIST") return false;
      throw error;
    },
  );
}
