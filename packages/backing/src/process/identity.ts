import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { promisify } from "node:util";

/** A pid alone may be somebody else's by now; with the time that the process started it can't. */
export interface ProcessIdentity {
  pid: number;
  startedAt: string;
}

/** The process with this pid, or null where there is none (or only its zombie). */
export async function identify(pid: number): Promise<ProcessIdentity | null> {
  const startedAt = existsSync("/proc/self/stat") ? await fromProc(pid) : await fromPs(pid);
  return startedAt === null ? null : { pid, startedAt };
}

export async function isAlive(identity: ProcessIdentity): Promise<boolean> {
  return (await identify(identity.pid))?.startedAt === identity.startedAt;
}

async function fromProc(pid: number): Promise<string | null> {
  const [stat, boot] = await Promise.all([
    read(`/proc/${pid}/stat`),
    read("/proc/sys/kernel/random/boot_id"),
  ]);
  if (stat === null) return null;
  // proc(5): the second field, the name in parentheses, may hold spaces; state is field 3, starttime field 22.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return fields[0] === "Z" ? null : `${boot?.trim()} ${fields[19]}`;
}

async function read(path: string): Promise<string | null> {
  return readFile(path, "utf8").catch(() => null);
}

async function fromPs(pid: number): Promise<string | null> {
  const ps = promisify(execFile)("ps", ["-o", "stat=,lstart=", "-p", String(pid)]);
  const line = await ps.then(({ stdout }) => stdout.trim()).catch(() => "");
  return line === "" || line.startsWith("Z") ? null : line.slice(line.indexOf(" ")).trim();
}
