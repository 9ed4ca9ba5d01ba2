// The audit from beginning to end: partition by partition, so that what it holds in memory is one partition's places.
import { partitionOf } from "@waitlist/contracts";
import { CannotAudit } from "./cannot-audit.ts";
import type { Databases } from "./databases/documents.ts";
import { createFindings } from "./findings.ts";
import type { Log, Range } from "./log/log.ts";
import { type AuditedList, type AuditedPartition, auditPartition } from "./partition.ts";

export interface AuditOptions {
  log: Log;
  databases: Databases;
  secret: string;
  /** Over how many partitions the lists are spread. */
  partitions: number;
  /** Only this list. */
  waitlistId?: string;
  /** How long services may take to come as far as the log went when the audit began, in milliseconds from then. */
  waitMs: number;
}

export interface Audit {
  topic: string;
  partitions: AuditedPartition[];
  lists: AuditedList[];
  differences: number;
}

/** Reads, recomputes and compares. Throws `CannotAudit` where that can't be done. */
export async function audit(options: AuditOptions): Promise<Audit> {
  const { log, databases, waitlistId } = options;
  const known = await databases.lists();
  // Read before the log's end: what a service had passed by then must be on it.
  const passed = await cursorsOf(options);
  const findings = createFindings();
  const deadline = performance.now() + options.waitMs;
  const partitions: AuditedPartition[] = [];
  const lists: AuditedList[] = [];
  for (const range of await rangesOf(options)) {
    const home = (each: string) => partitionOf(each, options.partitions) === range.partition;
    const stored = [...known].filter((each) => home(each) && (waitlistId ?? each) === each);
    const work = { ...options, range, stored, findings, deadline, passed: passed.get(range.partition) ?? 0 };
    const audited = await auditPartition(work);
    partitions.push(audited.partition);
    lists.push(...audited.lists);
  }
  if (waitlistId !== undefined && lists.length === 0) {
    throw new CannotAudit(`Neither the log nor any database knows a list ${waitlistId}.`);
  }
  lists.sort((one, other) => one.waitlistId.localeCompare(other.waitlistId));
  return { topic: log.topic, partitions, lists, differences: findings.total() };
}

async function rangesOf({ log, waitlistId, partitions }: AuditOptions): Promise<Range[]> {
  const ranges = await log.ranges();
  if (waitlistId === undefined) return ranges;
  return ranges.filter(({ partition }) => partition === partitionOf(waitlistId, partitions));
}

/** How far the invite service was in each partition. */
async function cursorsOf({ databases, partitions }: AuditOptions): Promise<Map<number, number>> {
  const numbers = Array.from({ length: partitions }, (_, partition) => partition);
  const cursors = numbers.map(
    async (partition) => [partition, await databases.cursor("invite", partition)] as const,
  );
  return new Map(await Promise.all(cursors));
}
