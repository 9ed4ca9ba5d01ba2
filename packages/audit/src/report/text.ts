// What the terminal shows of an audit: a line a list, what differs, and what came of it last.
import Table from "cli-table3";
import pc from "picocolors";
import type { Audit } from "../audit.ts";
import { type Difference, SERVICES } from "../findings.ts";
import type { AuditedList, AuditedPartition } from "../partition.ts";

const number = (value: number) => value.toLocaleString("en");
const counted = (value: number, one: string, many = `${one}s`) =>
  `${number(value)} ${value === 1 ? one : many}`;
const sum = (values: number[]) => values.reduce((total, value) => total + value, 0);

/** The whole text, its last line the result. */
export function textOf(audit: Audit): string {
  const parts = [
    summaryOf(audit),
    audit.lists.length > 0 ? tableOf(audit.lists) : "",
    ...audit.partitions.flatMap(remarksOf),
    ...audit.lists.filter(({ findings }) => findings.count > 0).map(differencesOf),
    resultOf(audit),
  ];
  return `${parts.filter((part) => part !== "").join("\n\n")}\n`;
}

function summaryOf({ topic, partitions }: Audit): string {
  const records = sum(partitions.map((partition) => partition.records));
  const poison = sum(partitions.map((partition) => partition.poison));
  const aside =
    poison > 0 ? `; ${counted(poison, "of them is", "of them are")} no event and counted for nothing` : "";
  return `Read ${counted(records, "record")} of ${counted(partitions.length, "partition")} of ${topic}${aside}.`;
}

function tableOf(lists: AuditedList[]): string {
  const table = new Table({
    head: ["list", "places", "positions", "open", "batches", "invites", "closed", "log", ...SERVICES],
    style: { head: [], border: [], compact: true },
    colAligns: ["left", "right", "right", "right", "right", "right", "right", "left", "left", "left", "left"],
  });
  for (const { waitlistId, places, open, batches, invites, closed, findings } of lists) {
    const verdict = (count: number, right: string) =>
      count === 0 ? pc.green(right) : pc.red(`${number(count)} differ`);
    const { log, ...databases } = findings.byWhere;
    table.push([
      waitlistId,
      number(places),
      places === 0 ? "none" : `1 to ${number(places)}`,
      ...[open, batches, invites, closed].map(number),
      verdict(log, "in order"),
      ...SERVICES.map((service) => verdict(databases[service], "agrees")),
    ]);
  }
  return table.toString();
}

/** What limits what could be said about a partition. */
function remarksOf({ partition, start, end, unsupportedAt, cuts }: AuditedPartition): string[] {
  const said: string[] = [];
  if (start > 0) {
    said.push(
      `Partition ${partition}: retention has removed the log before offset ${number(start)}. From there on it was checked by the log; what lies before was taken from storage's entries, and compared between the databases.`,
    );
  }
  if (unsupportedAt !== undefined) {
    said.push(
      `Partition ${partition}: the record at offset ${number(unsupportedAt)} is newer than this build, and nothing from there on was read.`,
    );
  }
  for (const service of SERVICES) {
    if (cuts[service] >= (unsupportedAt ?? end)) continue;
    said.push(
      `Partition ${partition}: ${service} has come to offset ${number(cuts[service])} of ${number(end)}, and was compared up to there.`,
    );
  }
  return said.map((text) => pc.yellow(text));
}

function differencesOf({ waitlistId, findings: { count, first } }: AuditedList): string {
  const lines = first.map(lineOf);
  if (count > first.length) lines.push(`  and ${number(count - first.length)} more`);
  return [pc.bold(`${waitlistId}: ${counted(count, "difference")}`), ...lines].join("\n");
}

function lineOf({ where, offset, entryId, what }: Difference): string {
  const place = offset === undefined ? "" : `offset ${offset}`;
  return `  ${pc.red(where.padEnd(8))}${[place, entryId, what].filter(Boolean).join("  ")}`;
}

function resultOf({ lists, partitions, differences }: Audit): string {
  if (differences > 0) return pc.red(pc.bold(counted(differences, "difference")));
  const total = (name: "places" | "batches" | "invites" | "closed") => sum(lists.map((list) => list[name]));
  const isWhole = partitions.every(
    ({ start, end, unsupportedAt, cuts }) =>
      start === 0 && unsupportedAt === undefined && SERVICES.every((service) => cuts[service] >= end),
  );
  const facts = [
    counted(lists.length, "list"),
    counted(total("places"), "place"),
    counted(total("batches"), "batch", "batches"),
    counted(total("invites"), "invite"),
    `${number(total("closed"))} of them closed`,
  ];
  const limit = isWhole ? "" : " As far as is said above.";
  return pc.green(pc.bold(`All three databases agree with the log: ${facts.join(", ")}.${limit}`));
}
