import { readFileSync } from "node:fs";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { UsageError } from "./settings.ts";

/**
 * One system a home: two on the same files would ruin them. A lock whose process is gone, or is another program by
 * now, is taken over. Returns the release. Throws `UsageError`.
 */
export async function lockHome(home: string): Promise<() => Promise<void>> {
  await mkdir(home, { recursive: true, mode: 0o700 });
  const file = join(home, "lock");
  const holder = Number(await readFile(file, "utf8").catch(() => "0"));
  if (holder > 0 && holder !== process.pid && isLauncher(holder)) {
    throw new UsageError(
      `Another start (process ${holder}) uses this data directory; set WAITLIST_HOME to run a second one beside it.`,
    );
  }
  await writeFile(file, String(process.pid));
  return () => rm(file, { force: true });
}

function isLauncher(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    // EPERM: it is there, but somebody else's.
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
  return commandLine(pid)?.includes("launcher") ?? true;
}

/** Only Linux tells; elsewhere a living process is taken at its word. */
function commandLine(pid: number): string | null {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8");
  } catch {
    return null;
  }
}
