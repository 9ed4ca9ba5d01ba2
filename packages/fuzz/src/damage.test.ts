import { createRegistry } from "@waitlist/runtime";
import { describe, expect, it } from "vitest";
import { historyDamage, logDamage, recordsBehind, sumsOf } from "./damage.ts";

const metrics = (lines: string[]) => sumsOf(["# HELP x y", ...lines, ""].join("\n"));
const sound = [
  'waitlist_history_dead_letters_total{group="storage"} 0',
  'waitlist_history_failures_total{group="storage"} 0',
  'waitlist_history_paused{group="storage",partition="0",kind="outage"} 0',
  'waitlist_history_lag_records{group="storage",partition="0"} 0',
];

describe("after the fuzzing", () => {
  it("a service that took everything is sound", () => {
    expect(historyDamage("storage", metrics(sound))).toEqual([]);
    expect(recordsBehind(metrics(sound))).toBe(0);
  });

  it.each(["dead_letters_total", "failures_total", "paused"])("one with %s isn't", (what) => {
    const label = `waitlist_history_${what}{group="storage",partition="3"}`;
    expect(historyDamage("storage", metrics([...sound, `${label} 1`]))).toEqual([
      `storage: waitlist_history_${what} is 1.`,
    ]);
  });

  it("one that doesn't say how far it has come hasn't caught up", async () => {
    const nothing = sumsOf(await createRegistry("storage").metrics());
    expect(nothing.size).toBeGreaterThan(0);
    expect(recordsBehind(nothing)).toBeNaN();
  });

  it("an error in a log is found, and so is no log at all", () => {
    const line = (level: number, msg: string) => JSON.stringify({ level, service: "storage", msg });
    expect(logDamage("storage", `${line(30, "listening")}\n${line(40, "again")}\n`)).toEqual([]);
    expect(logDamage("storage", `${line(30, "listening")}\n${line(50, "a request failed")}\n`)).toEqual([
      "storage logged an error: a request failed",
    ]);
    expect(logDamage("storage", "")).toEqual(["storage has written no log."]);
  });
});
