// What the first start chose, so that later starts find the same data at the same places.
import { randomBytes } from "node:crypto";
import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { BackingError } from "./errors.ts";
import type { BackingName, Origin } from "./types.ts";

/** What can be recorded: a URL of the environment is said anew each time. */
export type RecordedOrigin = Exclude<Origin, "environment">;

export interface BackingRecord {
  version: 1;
  origin: Partial<Record<BackingName, RecordedOrigin>>;
  /** The last ones used, by purpose. */
  ports: Record<string, number>;
  /** What the names of this home's container volumes begin with. */
  volumes: string;
}

const pathIn = (home: string) => join(home, "backing.json");

export async function readRecord(home: string): Promise<BackingRecord> {
  const content = await readFile(pathIn(home), "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return null;
    throw error;
  });
  if (content === null)
    return { version: 1, origin: {}, ports: {}, volumes: `waitlist-${randomBytes(4).toString("hex")}` };
  try {
    return JSON.parse(content) as BackingRecord;
  } catch {
    throw new BackingError(
      `${pathIn(home)} can't be read as JSON: mend it, or move ${home} away to start anew.`,
    );
  }
}

/** Whole or not at all, whenever we are cut off. */
export async function writeRecord(home: string, record: BackingRecord): Promise<void> {
  await mkdir(home, { recursive: true });
  const temporary = `${pathIn(home)}.${process.pid}`;
  await writeFile(temporary, `${JSON.stringify(record, null, 2)}\n`);
  await rename(temporary, pathIn(home));
}
