// Reads a service's metrics and log for what must not have happened. Pure.

/** Each metric's sum over its labels. */
export function sumsOf(metrics: string): Map<string, number> {
  const sums = new Map<string, number>();
  for (const [, name = "", value] of metrics.matchAll(/^(\w+)(?:\{.*\})? (\S+)$/gm)) {
    sums.set(name, (sums.get(name) ?? 0) + Number(value));
  }
  return sums;
}

/** How far a service is behind the log; NaN where it doesn't say. */
export const recordsBehind = (sums: Map<string, number>): number =>
  sums.get("waitlist_history_lag_records") ?? Number.NaN;

const NEVER = ["dead_letters_total", "failures_total", "paused"];

/** What went wrong with the history that a service follows, one sentence each. */
export const historyDamage = (name: string, sums: Map<string, number>): string[] =>
  NEVER.flatMap((what) => {
    // A counter is there from its first count on.
    const sum = sums.get(`waitlist_history_${what}`) ?? 0;
    return sum === 0 ? [] : [`${name}: waitlist_history_${what} is ${sum}.`];
  });

/** pino's level for errors. */
const ERROR = 50;

/** The errors in a service's log of JSON lines. One that says nothing at all is not a log. */
export function logDamage(name: string, log: string): string[] {
  const lines = log.split("\n").filter((line) => line.startsWith("{"));
  if (lines.length === 0) return [`${name} has written no log.`];
  return lines.flatMap((line) => {
    const { level, msg } = JSON.parse(line) as { level: number; msg?: string };
    return level >= ERROR ? [`${name} logged an error: ${msg}`] : [];
  });
}
