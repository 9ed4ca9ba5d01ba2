// One partition's part of the audit: its history on paper, then each of its lists against the three databases.
import { setTimeout as wait } from "node:timers/promises";
import { takeBeginning } from "./before/beginning.ts";
import { CannotAudit } from "./cannot-audit.ts";
import { compareBatches } from "./compare/batches.ts";
import { compareEntries } from "./compare/entries.ts";
import { compareSchedules } from "./compare/schedules.ts";
import type { Databases } from "./databases/documents.ts";
import { type Findings, type ListFindings, SERVICES, type Service } from "./findings.ts";
import type { Log, Range, Read } from "./log/log.ts";
import type { PaperList } from "./paper/model.ts";
import { checkOwed } from "./paper/owed.ts";
import { createPaper, type Paper } from "./paper/paper.ts";

export interface AuditedList {
  waitlistId: string;
  partition: number;
  places: number;
  /** Places that haven't ended. */
  open: number;
  batches: number;
  invites: number;
  /** Invites that were redeemed, expired or withdrawn. */
  closed: number;
  findings: ListFindings;
}

export interface AuditedPartition extends Range, Read {
  /** Offset up to which each service was compared; `end`, unless it hadn't come as far in time. */
  cuts: Record<Service, number>;
}

export interface PartitionWork {
  log: Log;
  databases: Databases;
  secret: string;
  /** Only this list. */
  waitlistId?: string;
  range: Range;
  /** Lists of this partition that a database knows. */
  stored: string[];
  findings: Findings;
  /** How far the invite service was before the log's end was read. */
  passed: number;
  /** Until when services that are behind are waited for, as `performance.now()` tells time. */
  deadline: number;
}

export async function auditPartition(
  work: PartitionWork,
): Promise<{ partition: AuditedPartition; lists: AuditedList[] }> {
  const { log, databases, secret, range, stored, findings, waitlistId } = work;
  const { start, partition } = range;
  const knownRuns = new Set<string>();
  const isKnownRun = (batchId: string, scheduleOffset: number) =>
    scheduleOffset < start ? knownRuns.has(batchId) : undefined;
  const report = findings.add;
  const paper = createPaper({ secret, report, isKnownRun });
  if (start > 0) {
    await requireBeginning(work);
    for (const list of stored)
      await takeBeginning({ paper, waitlistId: list, start, databases, knownRuns, report });
  }
  const read = await log.read(range, (record) => {
    if ((waitlistId ?? record.event.data.waitlistId) === record.event.data.waitlistId) paper.take(record);
  });
  const end = read.unsupportedAt ?? range.end;
  if (end === range.end) for (const list of paper.lists.values()) checkOwed(list, work.passed, report);
  for (const list of stored) paper.listOf(list);
  const cuts = await reachedBy(work, end);
  for (const list of paper.lists.values()) {
    await compareList(work, list, cuts);
    if (cuts.invite === end) await compareSchedules({ list, databases, start, end, report });
  }
  const lists = listsOf(paper, partition, findings);
  return { partition: { ...range, ...read, cuts }, lists };
}

/** Where the beginning is gone, the places before it are storage's: it must have read that far. */
async function requireBeginning({ databases, range: { partition, start } }: PartitionWork): Promise<void> {
  const next = await databases.cursor("storage", partition);
  if (next >= start) return;
  throw new CannotAudit(
    `The log of partition ${partition} begins at offset ${start}, and storage has read only up to ${next}: nobody knows the places between.`,
  );
}

const POLL_MS = 200;

/** Waits for each service to come as far as `end`; returns how far they are, and `end` at most. */
async function reachedBy(
  { databases, range: { partition }, deadline }: PartitionWork,
  end: number,
): Promise<Record<Service, number>> {
  const reach = async (service: Service): Promise<[Service, number]> => {
    for (;;) {
      const next = await databases.cursor(service, partition);
      if (next >= end || performance.now() > deadline) return [service, Math.min(next, end)];
      await wait(POLL_MS);
    }
  };
  return Object.fromEntries(await Promise.all(SERVICES.map(reach))) as Record<Service, number>;
}

async function compareList(
  work: PartitionWork,
  list: PaperList,
  cuts: Record<Service, number>,
): Promise<void> {
  const { databases, secret, findings } = work;
  const comparison = { list, databases, secret, report: findings.add };
  for (const service of SERVICES) await compareEntries({ ...comparison, service, cut: cuts[service] });
  await compareBatches({ ...comparison, cut: cuts.invite });
}

function listsOf({ lists }: Paper, partition: number, findings: Findings): AuditedList[] {
  const known = [...lists.values()].filter(({ waitlistId, rules, places, batches }) => {
    const { count } = findings.of(waitlistId);
    return rules !== null || places.length + batches.length + count > 0;
  });
  return known.map(({ waitlistId, places, batches }) => {
    const invites = places.flatMap(({ decided }) => decided.given);
    return {
      ...{ waitlistId, partition, places: places.length },
      open: places.filter(({ endOffset }) => endOffset === undefined).length,
      ...{ batches: batches.length, invites: invites.length },
      closed: invites.filter(({ closed }) => closed !== undefined).length,
      findings: findings.of(waitlistId),
    };
  });
}
