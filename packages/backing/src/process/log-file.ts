import { closeSync, mkdirSync, openSync, readFileSync, renameSync, statSync } from "node:fs";
import { dirname } from "node:path";

/** A log that has grown beyond this at a start becomes `.1`, and the older `.1` goes. */
const ROTATE_BYTES = 10 * 1024 * 1024;

/** Opens the file for a child's output, hands over its descriptor, and closes our copy of it. */
export async function withLogFile<T>(path: string, use: (fd: number) => Promise<T>): Promise<T> {
  mkdirSync(dirname(path), { recursive: true });
  const size = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
  if (size > ROTATE_BYTES) renameSync(path, `${path}.1`);
  const fd = openSync(path, "a");
  try {
    return await use(fd);
  } finally {
    closeSync(fd);
  }
}

/** The last lines that aren't empty, for whoever wants to know why a process ended. */
export function lastLines(path: string, count: number): string {
  const lines = readFileSync(path, "utf8").trimEnd().split("\n");
  return lines
    .filter((line) => line.trim() !== "")
    .slice(-count)
    .join("\n");
}
