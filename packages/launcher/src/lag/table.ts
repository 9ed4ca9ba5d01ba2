// The table of `pnpm lag`.
import Table from "cli-table3";
import pc from "picocolors";
import type { Row } from "./pace.ts";

const HEAD = ["group", "partition", "end", "committed", "lag", "oldest", "rate", "caught up in"];
const RIGHT = HEAD.map((name) => (name === "group" ? "left" : "right"));
/** Columns by space alone. */
const BORDERLESS = {
  ...{ top: "", "top-mid": "", "top-left": "", "top-right": "", bottom: "", "bottom-mid": "" },
  ...{ "bottom-left": "", "bottom-right": "", left: "", "left-mid": "", mid: "", "mid-mid": "" },
  ...{ right: "", "right-mid": "", middle: "  " },
};

const MINUTE_S = 60;
const HOUR_S = 3600;

/** `all`: partitions that are up to date, too. */
export function tableOf(rows: Row[], all: boolean): string {
  const table = new Table({
    ...{ head: HEAD.map((name) => pc.dim(name)), chars: BORDERLESS, style: { head: [], border: [] } },
    colAligns: RIGHT as ("left" | "right")[],
  });
  for (const row of rows) {
    if (row.partition === null) table.push(cellsOf(row).map((cell) => pc.bold(cell)));
    else if (all || row.lag !== 0) table.push(cellsOf(row));
  }
  return table.toString();
}

const cellsOf = (row: Row): string[] => [
  row.partition === null ? row.group : "",
  row.partition === null ? "all" : String(row.partition),
  row.end === null ? "" : String(row.end),
  row.partition === null ? "" : String(row.committed ?? "never"),
  String(row.lag),
  row.lag <= 0 ? "–" : duration(row.oldestAgeMs),
  row.rate === null ? "…" : `${row.rate.toFixed(row.rate < 10 ? 1 : 0)}/s`,
  remaining(row.catchUpMs),
];

function remaining(ms: number | null): string {
  if (ms === null) return "…";
  if (ms === 0) return "–";
  return ms === Number.POSITIVE_INFINITY ? "not at this rate" : duration(ms);
}

/** As precise as anybody needs. */
export function duration(ms: number): string {
  const seconds = ms / 1000;
  if (seconds < 1) return `${Math.round(ms)} ms`;
  if (seconds < MINUTE_S) return `${seconds.toFixed(1)} s`;
  if (seconds < HOUR_S) return `${Math.floor(seconds / MINUTE_S)} min ${Math.round(seconds % MINUTE_S)} s`;
  return `${Math.floor(seconds / HOUR_S)} h ${Math.round((seconds % HOUR_S) / MINUTE_S)} min`;
}
