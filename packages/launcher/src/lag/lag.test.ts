import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import type { GroupLag, LagView } from "@waitlist/contracts";
import { describe, expect, it } from "vitest";
import { UsageError } from "../settings.ts";
import { rowsOf } from "./pace.ts";
import { readGateway, readLagRequest } from "./request.ts";
import { duration, tableOf } from "./table.ts";

const T0 = Date.parse("2026-03-01T09:30:00.000Z");
const at = (seconds: number, ...items: GroupLag[]): LagView => ({
  at: new Date(T0 + seconds * 1000).toISOString(),
  items,
});
const email = (partition: number, end: number, committed: number | null, more: Partial<GroupLag> = {}) => ({
  ...{ group: "email", topic: "waitlist.events", partition, endOffset: end, committedOffset: committed },
  ...{ lag: end - (committed ?? 0), oldestAgeMs: 0 },
  ...more,
});

describe("the pace of a group", () => {
  it("is not known from one look", () => {
    const rows = rowsOf(null, at(0, email(0, 10, 4), email(1, 3, 3)));
    expect(rows.map(({ partition, lag, rate, catchUpMs }) => [partition, lag, rate, catchUpMs])).toEqual([
      [null, 6, null, null],
      [0, 6, null, null],
      [1, 3 - 3, null, 0],
    ]);
  });

  it("is what it processed between two looks, and tells when it has caught up with what is written meanwhile", () => {
    const before = at(0, email(0, 100, 20), email(1, 50, 50));
    const now = at(2, email(0, 120, 80, { oldestAgeMs: 700 }), email(1, 60, 60));
    const [all, first, second] = rowsOf(before, now);
    // 60 processed, 20 written in 2 s: 40 of the 80 that were behind are left, and go by 20 a second.
    expect(first).toMatchObject({ rate: 30, catchUpMs: 2000, lag: 40 });
    expect(second).toMatchObject({ rate: 5, catchUpMs: 0 });
    expect(all).toMatchObject({ partition: null, lag: 40, oldestAgeMs: 700, rate: 35, catchUpMs: 2000 });
  });

  it("never catches up where as much is written, or nothing is processed", () => {
    const stands = rowsOf(at(0, email(0, 9, 2)), at(2, email(0, 9, 2)))[1];
    expect(stands).toMatchObject({ rate: 0, catchUpMs: Number.POSITIVE_INFINITY });
    const falls = rowsOf(at(0, email(0, 9, 2)), at(2, email(0, 29, 12)))[1];
    expect(falls).toMatchObject({ rate: 5, catchUpMs: Number.POSITIVE_INFINITY });
  });

  it("counts a first commit as what was processed", () => {
    expect(rowsOf(at(0, email(0, 10, null)), at(1, email(0, 10, 10)))[1]).toMatchObject({ rate: 10, lag: 0 });
  });
});

describe("the table", () => {
  const rows = rowsOf(
    at(0, email(0, 100, 20), email(1, 50, 50), email(2, 7, null)),
    at(2, email(0, 120, 80, { oldestAgeMs: 61_000 }), email(1, 50, 50), email(2, 7, null)),
  );

  /** Without the colours that a terminal, or a setting of it, asks for. */
  const textOf = (all: boolean) => stripVTControlCharacters(tableOf(rows, all));

  it("shows groups, and those of their partitions that are behind", () => {
    const table = textOf(false);
    expect(table).toMatch(/email .*all .*47 .*1 min 1 s .*30\/s/);
    expect(table).toMatch(/ 0 +120 +80 +40 +1 min 1 s +30\/s +2\.0 s/);
    expect(table).toMatch(/ 2 +7 +never +7 .*0\.0\/s +not at this rate/);
    expect(table).not.toMatch(/ 1 +50/);
    expect(textOf(true)).toMatch(/ 1 +50 +50 +0 +– +0\.0\/s +–/);
  });

  it("shows a partition whose log ends before what was processed, and lets it hide no other's lag", () => {
    const anew = rowsOf(null, at(0, email(0, 2, 40), email(1, 50, 45)));
    const table = stripVTControlCharacters(tableOf(anew, false));
    expect(table).toMatch(/ 0 +2 +40 +-38 /);
    expect(table).toMatch(/email +all +5 /);
  });

  it.each([
    [40, "40 ms"],
    [1500, "1.5 s"],
    [125_000, "2 min 5 s"],
    [3_725_000, "1 h 2 min"],
  ])("says %i ms as %s", (ms, text) => expect(duration(ms)).toBe(text));
});

describe("the command", () => {
  it("has its options, and refuses others with a sentence", () => {
    expect(readLagRequest([])).toEqual({ once: false, all: false, intervalMs: 2000, help: false });
    expect(readLagRequest(["--once", "--all", "--interval", "5"])).toMatchObject({ intervalMs: 5000 });
    for (const args of [["--interval", "soon"], ["--interval", "0"], ["--what"]]) {
      expect(() => readLagRequest(args)).toThrow(UsageError);
    }
  });

  it("asks whom the environment names, and says what is missing where nothing runs", async () => {
    const env = { GATEWAY_URL: "http://gateway.test", ADMIN_KEY: "a key", WAITLIST_HOME: "/nowhere" };
    expect(await readGateway(env)).toEqual({ url: "http://gateway.test", key: "a key" });
    await expect(readGateway({ ...env, GATEWAY_URL: "" })).rejects.toThrow(/GATEWAY_URL and ADMIN_KEY/);
    await expect(readGateway({ ...env, GATEWAY_URL: "gateway" })).rejects.toThrow(/GATEWAY_URL must be/);
  });

  it("takes the key from a file, and says that it can't be read without saying what it holds", async () => {
    const folder = mkdtempSync(join(tmpdir(), "waitlist-key-"));
    const file = join(folder, "key");
    writeFileSync(file, "a key of a file\n");
    const env = { GATEWAY_URL: "http://gateway.test", ADMIN_KEY_FILE: file, WAITLIST_HOME: folder };
    expect(await readGateway(env)).toMatchObject({ key: "a key of a file" });
    rmSync(folder, { recursive: true });
    await expect(readGateway(env)).rejects.toThrow("ADMIN_KEY_FILE names a file that can't be read");
  });
});
