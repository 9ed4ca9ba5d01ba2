// The table at the end of the demo.
import type { PartitionLag } from "@waitlist/kafka";
import Table from "cli-table3";
import pc from "picocolors";
import { say } from "../screen.ts";
import { type Check, isAlready, isInvite, isWelcome, type Results } from "./verdict.ts";

export interface Timing {
  signupsMs: number;
  totalMs: number;
}

/** Columns by space alone. */
const BORDERLESS = {
  ...{ top: "", "top-mid": "", "top-left": "", "top-right": "", bottom: "", "bottom-mid": "" },
  ...{ "bottom-left": "", "bottom-right": "", left: "", "left-mid": "", mid: "", "mid-mid": "" },
  ...{ right: "", "right-mid": "", middle: " " },
};

const seconds = (ms: number) => `${(ms / 1000).toFixed(1)} s`;

export function showReport(results: Results, lag: PartitionLag[], timing: Timing, checks: Check[]): void {
  const { outcomes, entries, mails } = results;
  const accepted = outcomes.filter(({ entryId }) => entryId !== null);
  const people = new Set(accepted.map(({ entryId }) => entryId)).size;
  const table = new Table({ chars: BORDERLESS, style: { head: [], border: [] }, colWidths: [18, null] });
  table.push(
    ["Rows posted", `${outcomes.length} in ${seconds(timing.signupsMs)}, one after the other`],
    ["Accepted", `${accepted.length}: ${people} people, ${accepted.length - people} repeats of them`],
    ["Refused", refusals(outcomes)],
    ["First positions", names(entries.slice(0, 3))],
    ["Last positions", names(entries.slice(-3))],
    ["Mails", mailCounts(mails)],
    ["Consumer lag", lagByGroup(lag)],
    ["Time taken", `${seconds(timing.totalMs)}, from start to here`],
  );
  process.stdout.write(`\n${table.toString().replace(/^/gm, " ")}\n\n`);
  for (const { says, holds } of checks) say(`${holds ? pc.green("✓") : pc.red("✗")} ${says}`);
  process.stdout.write("\n");
}

const mailCounts = (mails: Results["mails"]) =>
  [
    `${mails.filter(isWelcome).length} welcome`,
    `${mails.filter(isAlready).length} to who signed up again`,
    `${mails.filter(isInvite).length} invite`,
  ].join(", ");

/** By reason, with how often. */
function refusals(outcomes: Results["outcomes"]): string {
  const reasons = outcomes.flatMap(({ reason }) => reason ?? []);
  const counted = [...Map.groupBy(reasons, (reason) => reason)].map(
    ([reason, all]) => `${all.length} × ${reason}`,
  );
  return [String(reasons.length), ...counted].join("\n");
}

const names = (entries: Results["entries"]) =>
  entries
    .map(({ position, email, status }) => `${String(position).padStart(3)}  ${email}  ${pc.dim(status)}`)
    .join("\n");

function lagByGroup(lag: PartitionLag[]): string {
  const groups = Map.groupBy(lag, ({ group }) => group);
  return [...groups]
    .map(([group, rows]) => `${group} ${rows.reduce((sum, row) => sum + row.lag, 0)}`)
    .join(", ");
}
