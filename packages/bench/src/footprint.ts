// How long a start takes until everything is ready, and what each process holds in memory.
import type { System } from "@waitlist/launcher";
import Table from "cli-table3";
import pidusage from "pidusage";

export interface Start {
  /** Seconds until everything was ready. */
  seconds: number;
  /** By process: seconds from the start until it was ready. */
  ready: Map<string, number>;
}

const megabytes = (bytes: number) => `${Math.round(bytes / 1024 / 1024)} MB`;

export async function showFootprint(system: System, first: Start, second: Start): Promise<void> {
  const processes = [...system.backing.processes, ...Object.values(system.services)];
  const running = processes.flatMap(({ name, pid }) => (pid ? [{ name, pid }] : []));
  const usage = await pidusage(running.map(({ pid }) => pid));
  const table = new Table({
    head: ["Process", "Ready, fresh data", "Ready, yesterday's data", "Memory after the run"],
    style: { head: [], border: [] },
  });
  const seconds = (start: Start, name: string) => `${(start.ready.get(name) ?? Number.NaN).toFixed(1)} s`;
  for (const { name, pid } of running) {
    table.push([name, seconds(first, name), seconds(second, name), megabytes(usage[pid]?.memory ?? 0)]);
  }
  const total = running.reduce((sum, { pid }) => sum + (usage[pid]?.memory ?? 0), 0);
  table.push(["all", `${first.seconds.toFixed(1)} s`, `${second.seconds.toFixed(1)} s`, megabytes(total)]);
  process.stdout.write(`\nTime to ready, and memory\n${table.toString()}\n`);
}
