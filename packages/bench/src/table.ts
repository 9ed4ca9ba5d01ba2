import Table from "cli-table3";
import type { Summary } from "./rounds.ts";

/** One measured ratio. */
export interface Row {
  what: string;
  aim: string;
  ratio: Summary;
  note: string;
}

const two = (value: number) => value.toFixed(2);

export function showRows(title: string, rows: Row[]): void {
  const table = new Table({
    head: ["Measured", "Median", "Range", "Aim", "Note"],
    style: { head: [], border: [] },
    wordWrap: true,
    colWidths: [44, 9, 16, 14, 44],
  });
  for (const { what, aim, ratio, note } of rows) {
    table.push([what, two(ratio.median), `${two(ratio.min)}–${two(ratio.max)}`, aim, note]);
  }
  process.stdout.write(`\n${title}\n${table.toString()}\n`);
}

const nothing = () => undefined;

/** A log for benchmarks: nothing but the numbers is to be seen. */
export const silent = { debug: nothing, info: nothing, warn: nothing, error: nothing };
