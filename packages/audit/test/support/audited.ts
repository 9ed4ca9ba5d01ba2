import { type Audit, audit } from "../../src/audit.ts";
import type { Log } from "../../src/log/log.ts";
import type { LogRecord } from "../../src/paper/model.ts";
import type { Stored } from "./databases.ts";
import { SECRET } from "./history.ts";

/** A log of one partition that begins at `start`. */
const logOf = (records: LogRecord[], start: number): Log => ({
  topic: "waitlist.events",
  ranges: async () => [{ partition: 0, start, end: records.length }],
  read: async (_, take) => {
    const left = records.slice(start);
    for (const record of left) take(record);
    return { records: left.length, poison: 0 };
  },
  close: async () => undefined,
});

/** Audits what is stored against a history of which only what comes from `start` on is left. */
export const audited = (records: LogRecord[], { databases }: Stored, start = 0): Promise<Audit> =>
  audit({ log: logOf(records, start), databases, secret: SECRET, partitions: 1, waitMs: 0 });

/** What it says, list after list. */
export const saidBy = ({ lists }: Audit): string[] =>
  lists.flatMap(({ findings }) => findings.first.map(({ where, what }) => `${where}: ${what}`));
